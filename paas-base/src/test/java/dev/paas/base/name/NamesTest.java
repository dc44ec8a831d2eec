package dev.paas.base.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "shop", "shop-2", "a23456789012345678901234567890123456789"})
  void goodAppNamesAreTaken(String name) {
    assertThatCode(() -> new AppName(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "a-",
        "Shop",
        "2go",
        "a_b",
        "a.b",
        "../x",
        "a234567890123456789012345678901234567890"
      })
  void otherAppNamesAreRefusedWithTheRule(String name) {
    PaasException refused = catchThrowableOfType(PaasException.class, () -> new AppName(name));
    assertThat(refused.problem().code()).isEqualTo("app.bad-name");
  }

  @Test
  void nearestFindsSlipsOfTheHand() {
    assertThat(Nearest.to("wbe", List.of("web", "worker"))).hasValue("web");
    assertThat(Nearest.to("wokrer", List.of("web", "worker"))).hasValue("worker");
    assertThat(Nearest.to("scheduler", List.of("web", "worker"))).isEmpty();
  }
}
