package dev.paas.gitreceiver.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DoorTest {

  private final Door<String> door = new Door<>(16, 6);

  @Test
  void oneUserHasHalfOfWhatNobodyElseUsesAndNoMore() {
    assertThat(letIn("ann", 20)).isEqualTo(8);
    assertThat(enter("ann", "more")).map(Problem::code).contains("ssh.too-many-sessions");
    assertThat(letIn("bob", 20)).as("a quarter").isEqualTo(4);
    assertThat(letIn("eve", 20)).as("a quarter").isEqualTo(4);
    assertThat(enter("zoe", "late")).map(Problem::code).contains("ssh.busy");
    door.leave("ann0");
    assertThat(enter("ann", "again")).map(Problem::code).contains("ssh.too-many-sessions");
    assertThat(enter("zoe", "again")).isEmpty();
  }

  @Test
  void whoHasLittleGetsInWhileSomebodyHoldsAllTheyCan() {
    letIn("ann", 20);
    for (String user : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      assertThat(enter(user, user)).as(user).isEmpty();
    }
  }

  @Test
  void anAddressKeepsOnlyItsNewestAndAQuarterOnceHalfAreInUse() {
    assertThat(closedBy("a", 10)).containsExactly("a0", "a1", "a2", "a3");
    assertThat(closedBy("b", 10)).as("half are in use").hasSize(6).contains("b0", "b5");
  }

  @Test
  void whenAllAreInUseTheOldestOfWhoeverHasTheMostGoes() {
    closedBy("a", 6);
    for (int i = 0; i < 10; i++) {
      assertThat(door.knock("alone" + i, "alone" + i)).isEmpty();
    }
    assertThat(door.knock("new", "new")).contains("a0");
    door.leave("a1");
    assertThat(door.knock("newer", "newer")).isEmpty();
  }

  @Test
  void connectionsWithAKeyAndThoseWithoutTakeNoPlaceOfEachOther() {
    letIn("ann", 8);
    letIn("bob", 4);
    letIn("eve", 4);
    assertThat(closedBy("a", 6)).isEmpty();
  }

  private int letIn(String user, int tries) {
    int in = 0;
    for (int i = 0; i < tries; i++) {
      in += enter(user, user + i).isEmpty() ? 1 : 0;
    }
    return in;
  }

  private Optional<Problem> enter(String user, String session) {
    door.knock(session, session);
    return door.enter(session, user);
  }

  private List<String> closedBy(String address, int connections) {
    List<String> closed = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      door.knock(address + i, address).ifPresent(closed::add);
    }
    return closed;
  }
}
