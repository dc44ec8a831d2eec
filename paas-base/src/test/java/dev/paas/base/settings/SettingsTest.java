package dev.paas.base.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void emptyFileGivesTheDefaults() {
    assertThat(parse("")).isEqualTo(PlatformSettings.DEFAULTS);
  }

  @Test
  void keysOfEveryTypeAreRead() {
    PlatformSettings settings =
        parse(
            """
            [platform]
            id = "dev1"
            data = "/tmp/x"
            [router]
            drain-timeout = "250ms"
            max-connections = 12
            [runtime]
            memory = "256MiB"
            uid-base = 2000000000
            trust-host-certificates = false
            """);
    assertThat(settings.platform().data()).isEqualTo(Path.of("/tmp/x"));
    assertThat(settings.platform().runtimeSocket())
        .isEqualTo(Path.of("/run/paas/runtime/runtime.sock"));
    assertThat(settings.router().drainTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.router().maxConnections()).isEqualTo(12);
    assertThat(settings.runtime().memory()).isEqualTo(DataSize.ofMebibytes(256));
    assertThat(settings.runtime().uidBase()).isEqualTo(2_000_000_000L);
    assertThat(settings.runtime().trustHostCertificates()).isFalse();
  }

  @Test
  void unknownKeyIsRefusedAndNamesTheNearest() {
    PaasException refused = refusedBy("[router]\nmax-conections = 3");
    assertThat(refused.problem().code()).isEqualTo("settings.unknown-key");
    assertThat(refused.problem().value()).isEqualTo("router.max-conections");
    assertThat(refused.problem().fix()).startsWith("Did you mean router.max-connections?");
  }

  @Test
  void valueOfAnotherTypeIsRefusedWithAnExample() {
    PaasException refused = refusedBy("[router]\nidle-timeout = 60");
    assertThat(refused.problem().code()).isEqualTo("settings.bad-value");
    assertThat(refused.problem().fix()).isEqualTo("Write it like its default: 30s.");
  }

  @Test
  void malformedDurationIsRefused() {
    assertThat(refusedBy("[router]\nidle-timeout = \"soon\"").problem().code())
        .isEqualTo("settings.bad-value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[build]\nconcurrent = 0",
        "[deploy]\nmax-instances = -1",
        "[runtime]\npids = 4294967297",
        "[router]\nidle-timeout = \"-5s\"",
      })
  void limitsAreAtLeastOneAndFit(String text) {
    Problem refused = refusedBy(text).problem();
    assertThat(refused.code()).isEqualTo("settings.bad-value");
    assertThat(text.replace("\"", "")).endsWith(" = " + refused.value());
  }

  @Test
  void recordsCheckTheirOwnValues() {
    assertThat(refusedBy("[platform]\nid = \"No Good\"").problem().code())
        .isEqualTo("settings.bad-platform-id");
  }

  @Test
  void brokenTomlNamesTheLine() {
    assertThat(refusedBy("[platform\nid = 1").problem().what()).contains("line 1");
  }

  @Test
  void listShowsEveryKeyWithItsValue() {
    assertThat(Settings.list(PlatformSettings.DEFAULTS))
        .containsEntry("router.http", "0.0.0.0:80")
        .containsEntry("runtime.memory", "512MiB");
  }

  private static PlatformSettings parse(String toml) {
    return Settings.parse("test.toml", toml, PlatformSettings.DEFAULTS);
  }

  private static PaasException refusedBy(String toml) {
    return catchThrowableOfType(PaasException.class, () -> parse(toml));
  }
}
