package dev.paas.cli.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.cli.http.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginIT {

  @TempDir Path folder;

  @Test
  void whatIsKeptIsReadAndForItsOwnerAlone() throws Exception {
    Path file = folder.resolve("paas/config.toml");
    Login.keep(file, "https://api.example.org", "paas_1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Login.current(Map.of(), file))
        .isEqualTo(new Endpoint("https://api.example.org", "paas_1"));
  }

  @Test
  void theEnvironmentComesFirstAndAKeptTokenGoesNowhereElse() throws Exception {
    Path file = folder.resolve("config.toml");
    Login.keep(file, "https://api.example.org", "paas_1");
    assertThat(Login.current(Map.of("PAAS_API", "http://other"), file))
        .isEqualTo(new Endpoint("http://other", null));
    assertThat(Login.current(Map.of("PAAS_TOKEN", "paas_2"), file))
        .isEqualTo(new Endpoint("https://api.example.org", "paas_2"));
  }

  @Test
  void withoutALoginTheLoopbackIsMeant() throws Exception {
    assertThat(Login.current(Map.of(), folder.resolve("absent")))
        .isEqualTo(new Endpoint(Endpoint.DEFAULT_URL, null));
  }

  @Test
  void aBrokenFileIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("config.toml"), "token: x\n");
    assertThatThrownBy(() -> Login.current(Map.of(), file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }
}
