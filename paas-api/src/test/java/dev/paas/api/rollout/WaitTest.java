package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WaitTest {

  private static final List<InstanceName> ONE = instances(1);

  private static List<InstanceName> instances(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            slot -> new InstanceName(new AppName("shop"), new ProcessType("router"), 1, slot, 0))
        .toList();
  }

  @Test
  void eachWaitIsToldInAPhrase() {
    assertThat(
            List.of(
                new Wait.Listening(ONE, 5000, " (router.1 listens on 80)"),
                new Wait.Router(),
                new Wait.Requests(ONE),
                new Wait.Stopping(ONE),
                new Wait.Removal(),
                new Wait.RuntimeAway()))
        .extracting(Wait::text)
        .containsExactly(
            "router.1 to listen on port 5000 (router.1 listens on 80)",
            "the router to take the new routes",
            "requests on router.1 to finish",
            "router.1 to stop",
            "its new instances to be removed",
            "the runtime (paas-runtimed), which does not answer");
  }

  @Test
  void moreThanFourInstancesAreCounted() {
    assertThat(new Wait.Starting(instances(4)).text())
        .isEqualTo("router.1, router.2, router.3, router.4 to start");
    assertThat(new Wait.Starting(instances(6)).text())
        .isEqualTo("router.1, router.2, router.3 and 3 more to start");
  }

  @Test
  void whatWaitsForTheRouterIsExplainedByItsTrouble() {
    assertThat(new Wait.Router().onRouter()).isTrue();
    assertThat(new Wait.Requests(ONE).onRouter()).isTrue();
  }

  @Test
  void whatWaitsForAnythingElseIsNot() {
    assertThat(
            List.of(new Wait.Listening(ONE, 5000, ""), new Wait.Removal(), new Wait.RuntimeAway()))
        .noneMatch(Wait::onRouter);
  }

  @Test
  void aProcessTypeOfThatNameIsNotTheRouter() {
    assertThat(new Wait.Starting(ONE).text()).isEqualTo("router.1 to start");
    assertThat(new Wait.Starting(ONE).onRouter()).isFalse();
    assertThat(new Wait.Stopping(ONE).onRouter()).isFalse();
  }
}
