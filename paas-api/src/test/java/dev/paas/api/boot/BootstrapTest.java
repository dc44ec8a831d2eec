package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.store.H2Database;
import dev.paas.base.settings.PlatformSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BootstrapTest {

  @Test
  void theApiListensWhereTheSettingsSay() {
    assertThat(properties("[::1]:7411"))
        .containsEntry("quarkus.http.host", "[::1]")
        .containsEntry("quarkus.http.port", "7411");
  }

  @Test
  void theDatabaseWritesOnEveryCommitAndIsNeverShared() {
    assertThat(properties("127.0.0.1:1").get("quarkus.datasource.jdbc.url"))
        .startsWith("jdbc:h2:file:/var/lib/paas/db/paas;")
        .contains("WRITE_DELAY=0")
        .doesNotContain("AUTO_SERVER");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:7410", "192.0.2.1:7410", "7410", ":7410", "127.0.0.1"})
  void anAddressThatTheNetworkReachesIsRefused(String listen) {
    assertThatThrownBy(() -> properties(listen)).hasMessageContaining("settings.bad-value");
  }

  @Test
  void connectionsFitTheLimitOfOpenFiles() {
    assertThat(connections(256)).isEqualTo("8");
    assertThat(connections(1024)).isEqualTo("392");
    assertThat(connections(65_536)).isEqualTo("512");
    assertThat(connections(Long.MAX_VALUE)).isEqualTo("512");
    assertThat(sshConnections(256)).isEqualTo(8);
    assertThat(sshConnections(640)).isEqualTo(50);
    assertThat(sshConnections(1024)).isEqualTo(64);
    assertThat(sshConnections(Long.MAX_VALUE)).isEqualTo(64);
  }

  private static int sshConnections(long openFiles) {
    return Bootstrap.ssh(PlatformSettings.DEFAULTS.ssh(), openFiles).maxSessions();
  }

  private static String connections(long openFiles) {
    return properties(PlatformSettings.DEFAULTS, openFiles)
        .getOrDefault("quarkus.http.limits.max-connections", "");
  }

  private static Map<String, String> properties(String listen) {
    return properties(
        PlatformSettings.parse("test", "[api]\nlisten = \"" + listen + "\"\n"), 65_536);
  }

  private static Map<String, String> properties(PlatformSettings settings, long openFiles) {
    return Bootstrap.properties(settings, new H2Database(settings.platform()), openFiles);
  }
}
