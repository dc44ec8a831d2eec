package dev.paas.api.building;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.contract.runtime.SolveEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BuildRoomTest {

  /** Each time somebody measured: what the build had made by then, in bytes. */
  private final List<Long> measured = new ArrayList<>();

  @Test
  void theRoomIsMeasuredBeforeTheBuild() {
    room(100);
    assertThat(measured).containsExactly(0L);
  }

  @Test
  void theRoomIsMeasuredAgainOnlyWhenItIsUsedUp() {
    BuildRoom room = room(100);
    room.take(layer(60, false));
    room.take(layer(40, false));
    assertThat(measured).as("exactly full").containsExactly(0L);

    room.take(layer(1, false));
    assertThat(measured).containsExactly(0L, 101L);
    room.take(layer(100, false));
    assertThat(measured).as("as much as was found then").containsExactly(0L, 101L);
    room.take(layer(1, false));
    assertThat(measured).containsExactly(0L, 101L, 202L);
  }

  @Test
  void whatWasThereBeforeIsNotCounted() {
    BuildRoom room = room(10);
    room.take(layer(1000, true));
    room.take(
        SolveEvent.newBuilder()
            .setStarted(SolveEvent.StepStarted.newBuilder().setNode("a"))
            .build());
    assertThat(measured).containsExactly(0L);
  }

  @Test
  void aBuildForWhichThereIsNoRoomEnds() {
    Problem full =
        Problem.of(Problem.Kind.OVER_ALLOWANCE, "quota.disk", "There is no room", "Free some.");
    BuildRoom room =
        new BuildRoom(
            made -> {
              if (made > 0) {
                throw full.asException();
              }
              return 50;
            });
    room.take(layer(50, false));
    assertThatThrownBy(() -> room.take(layer(1, false)))
        .isInstanceOfSatisfying(
            PaasException.class, ended -> assertThat(ended.problem()).isEqualTo(full));
  }

  private BuildRoom room(long bytes) {
    return new BuildRoom(
        made -> {
          measured.add(made);
          return bytes;
        });
  }

  private static SolveEvent layer(long bytes, boolean cached) {
    return SolveEvent.newBuilder()
        .setFinished(SolveEvent.StepFinished.newBuilder().setLayerBytes(bytes).setCached(cached))
        .build();
  }
}
