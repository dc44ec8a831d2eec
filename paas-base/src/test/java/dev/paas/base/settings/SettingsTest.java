package dev.paas.base.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(refused.problem().fix()).isEqualTo("Write it like its default: 60s.");
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

  @ParameterizedTest
  @ValueSource(strings = {"UPPER.example.org", "https://a.example.org", "a b", "a:x", ""})
  void anAllowedRegistryIsAHost(String host) {
    Problem refused = refusedBy("images.allowed-hosts = [\"" + host + "\"]").problem();
    assertThat(refused.what()).contains("images.allowed-hosts");
    assertThat(refused.fix()).contains("10.0.0.5:5000");
  }

  @Test
  void allowedRegistriesMayHaveAPort() {
    List<String> hosts = List.of("registry.internal", "10.0.0.5:5000", "[fd00::1]:5000");
    assertThat(
            parse("images.allowed-hosts = [\"" + String.join("\", \"", hosts) + "\"]")
                .images()
                .allowedHosts())
        .isEqualTo(hosts);
  }

  @Test
  void brokenTomlNamesTheLine() {
    assertThat(refusedBy("[platform\nid = 1").problem().what()).contains("line 1:");
    assertThat(refusedBy("[router]\n\nidle-timeout = \"5s\nhttp = 1").problem().what())
        .contains("line 3:");
    assertThat(refusedBy("[router]\nidle-timeout = soon\n").problem().what()).contains("line 2:");
    assertThat(refusedBy("[router]\nmax-held = ").problem().what()).contains("line 2:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "router.idle-timeout | '0s' | Write 1ms or more.",
        "runtime.tmp | '0MiB' | Write 1B or more.",
        "runtime.memory | '1MiB' | Write 4MiB or more.",
        "runtime.uid-base | 1000 | Write 65536 or more.",
        "router.max-headers | '2MiB' | Write 1MiB or less.",
        "runtime.restart-backoff-min | '5m' | Write 1m or less, or set runtime.restart-backoff-max as well.",
        "router.eject-max | '100ms' | Write 100ms or less, or set router.eject-max as well.",
        "domains.check-latest | '1s' | Write 1s or less, or set domains.check-latest as well.",
        "runtime.uid-ranges | 60000 | Write 50277 or less, or set runtime.uid-base to 362807295 or less.",
        "ssh.listen | '2222' | Write it like its default: 0.0.0.0:2222.",
        "api.listen | ':7410' | Write it like its default: 127.0.0.1:7410.",
        "router.trusted-proxies | '10.0.0.0/8' | Write it like its default: [].",
        "router.idle-timeout | 'soonms' | Write it like its default: 60s.",
        "router.idle-timeout | '1.5ms' | Write it like its default: 60s.",
        "router.idle-timeout | 'ms' | Write it like its default: 60s.",
        "router.idle-timeout | '-5ms' | Write 1ms or more.",
        "router.tunnel-idle | '9999999999h' | Write 876000h or less.",
        "router.tunnel-idle | '99999999999999999999h' | Write it like its default: 1h.",
        "router.max-held | '999999999999999T' | Write it like its default: 16MiB.",
        "router | 5 | It is a table: write [router] and its settings below.",
      })
  void aValueOutOfItsRangeIsRefusedWithTheRange(String key, String value, String fix) {
    // CsvSource takes the quotation marks of texts for its own.
    String toml = value.matches("\\d+") ? value : '"' + value + '"';
    Problem refused = refusedBy(key + " = " + toml).problem();
    assertThat(refused.code()).isEqualTo("settings.bad-value");
    assertThat(refused.fix()).isEqualTo(fix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy.stop-grace = \"0s\"",
        "platform.disk-reserve = \"0B\"",
        "router.min-rate = \"0B\"",
        "router.drain-timeout = \"0ms\"",
        "ssh.listen = \"[::]:2222\"",
        "ssh.listen = \"127.0.0.1:0\"",
        "ssh.listen = \"[fe80::1%eth0]:2222\"",
      })
  void theEndsOfARangeAreInIt(String toml) {
    assertThat(Settings.list(parse(toml))).isNotEqualTo(Settings.list(PlatformSettings.DEFAULTS));
  }

  @Test
  void theRouterListensAtOneAddressOrAtSeveral() {
    assertThat(parse("router.http = \"[::]:80\"").router().http())
        .isEqualTo(new ListenAddresses(List.of(new ListenAddress("::", 80))));
    PlatformSettings several =
        parse("router.http = [\"127.0.0.1:8080\", \"[::1]:8080\", \"127.0.0.1:0\"]");
    ListenAddresses http = several.router().http();
    assertThat(http.all())
        .containsExactly(
            new ListenAddress("127.0.0.1", 8080),
            new ListenAddress("::1", 8080),
            new ListenAddress("127.0.0.1", 0));
    assertThat(http.first()).hasToString("127.0.0.1:8080");
    assertThat(Settings.list(several))
        .containsEntry("router.http", "[\"127.0.0.1:8080\", \"[::1]:8080\", \"127.0.0.1:0\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[80]", "[\"0.0.0.0:80\", \"80\"]", "80", "\"0.0.0.0:80,[::]:80\""})
  void aListOfAddressesHoldsAddressesAlone(String value) {
    Problem refused = refusedBy("router.http = " + value).problem();
    assertThat(refused.code()).isEqualTo("settings.bad-value");
    assertThat(refused.fix())
        .isEqualTo(
            "Write an address like 0.0.0.0:80, or a list like [\"192.0.2.7:80\", \"[2001:db8::7]:80\"].");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:80, [::]:80, true",
    "0.0.0.0:80, 192.0.2.7:80, true",
    "192.0.2.7:80, [::]:80, true",
    "[::1]:80, [::]:80, true",
    "192.0.2.7:80, 192.0.2.7:80, true",
    "0.0.0.0:80, [::1]:80, false",
    "0.0.0.0:80, [::]:8080, false",
    "192.0.2.7:80, 192.0.2.8:80, false",
    "127.0.0.1:0, 127.0.0.1:0, false",
  })
  void twoAddressesThatCantBothBeBoundAreRefused(String one, String two, boolean clash) {
    String toml = "router.http = [\"" + one + "\", \"" + two + "\"]";
    if (clash) {
      Problem refused = refusedBy(toml).problem();
      assertThat(refused.code()).isEqualTo("settings.bad-value");
      assertThat(refused.value()).isEqualTo(one + " and " + two);
      assertThat(refused.fix()).contains("Leave one of the two out");
    } else {
      assertThat(parse(toml).router().http().all()).hasSize(2);
    }
  }

  @Test
  void listShowsEveryKeyWithItsValue() {
    assertThat(Settings.list(PlatformSettings.DEFAULTS))
        .containsEntry("router.http", "0.0.0.0:80")
        .containsEntry("runtime.memory", "512MiB");
  }

  private static PlatformSettings parse(String toml) {
    return PlatformSettings.parse("test.toml", toml);
  }

  private static PaasException refusedBy(String toml) {
    return catchThrowableOfType(PaasException.class, () -> parse(toml));
  }
}
