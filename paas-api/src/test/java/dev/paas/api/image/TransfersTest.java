package dev.paas.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TransfersTest {

  private final AtomicLong now = new AtomicLong();
  private final Transfers transfers =
      new Transfers(
          PlatformSettings.parse("it", "[images]\nat-once = 2\ntimeout = \"1h\"\n"), now::get);

  private AssertSubscriber<String> silent(String user) {
    Multi<String> never = Multi.createFrom().nothing();
    return transfers.counted(user, never).subscribe().withSubscriber(AssertSubscriber.create(1));
  }

  private String transfer(String user) {
    return transfers.counted(user, Multi.createFrom().item("done")).toUni().await().indefinitely();
  }

  @Test
  void eachUserHasSomePlacesThatAreGivenBack() {
    AssertSubscriber<String> first = silent("ann");
    assertThat(transfer("ann")).isEqualTo("done");
    assertThat(transfer("ann")).isEqualTo("done");
    AssertSubscriber<String> second = silent("ann");
    assertThatThrownBy(() -> transfer("ann")).hasMessageContaining("image.busy");
    assertThat(transfer("bob")).isEqualTo("done");
    second.cancel();
    assertThat(transfer("ann")).isEqualTo("done");
    first.cancel();
  }

  @Test
  void aFailureGivesItsPlaceBack() {
    for (int i = 0; i < 3; i++) {
      Multi<String> failing = Multi.createFrom().failure(new IllegalStateException("no"));
      assertThatThrownBy(() -> transfers.counted("ann", failing).toUni().await().indefinitely())
          .hasMessage("no");
    }
  }

  @Test
  void whatTookTooLongIsCalledThat() {
    Multi<String> failing =
        Multi.createFrom()
            .deferred(
                () -> {
                  now.addAndGet(Duration.ofHours(1).toNanos());
                  return Multi.createFrom().failure(new IllegalStateException("deadline"));
                });
    assertThatThrownBy(() -> transfers.counted("ann", failing).toUni().await().indefinitely())
        .hasMessageContaining("image.too-slow");
  }
}
