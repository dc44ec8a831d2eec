package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitTest {

  private static final List<InstanceName> ONE =
      List.of(new InstanceName(new AppName("shop"), new ProcessType("router"), 1, 1, 0));

  @Test
  void whatWaitsForTheRouterIsExplainedByItsTrouble() {
    assertThat(new Wait.Router().onRouter()).isTrue();
    assertThat(new Wait.Requests(ONE).onRouter()).isTrue();
  }

  @Test
  void aProcessTypeOfThatNameIsNotTheRouter() {
    assertThat(new Wait.Starting(ONE).text()).isEqualTo("router.1 to start");
    assertThat(new Wait.Starting(ONE).onRouter()).isFalse();
    assertThat(new Wait.Stopping(ONE).onRouter()).isFalse();
  }
}
