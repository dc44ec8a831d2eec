package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unit of the router's sockets, as {@code bin/install} writes it by the settings. */
final class SocketUnitIT {

  private static final String FILL =
      """
      repo=$1 settings_file=$2
      . "$repo/bin/lib/host/settings.sh"
      . "$repo/bin/lib/host/files.sh"
      read_settings
      filled "$repo/bin/lib/host/paas-routerd.socket"
      """;

  @TempDir private Path folder;

  private String unit(String settings) throws IOException {
    Path file = folder.resolve("paas.toml");
    Files.writeString(file, settings);
    return Command.of(
            "bash", "-euc", FILL, "bash", Platform.repository().toString(), file.toString())
        .succeed()
        .out();
  }

  private List<String> addresses(String settings) throws IOException {
    return unit(settings)
        .lines()
        .filter(line -> line.startsWith("ListenStream="))
        .map(line -> line.substring("ListenStream=".length()))
        .toList();
  }

  /** An upgrade closes a socket whose unit has changed. */
  @Test
  void oneAddressMakesTheUnitThatItMadeBeforeThereWereLists() throws IOException {
    String template =
        Files.readString(Platform.repository().resolve("bin/lib/host/paas-routerd.socket"));
    assertThat(unit("[platform]\nid = \"x\"\n"))
        .isEqualTo(template.replace("@http@", "0.0.0.0:80"));
    assertThat(unit("[router]\nhttp = \"[::]:8080\" # for both\n"))
        .isEqualTo(template.replace("@http@", "[::]:8080"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[router]\nhttp = [\"192.0.2.7:80\", \"[2001:db8::7]:8080\"]\n",
        "[router]\n  http=['192.0.2.7:80','[2001:db8::7]:8080'] # \"192.0.2.8:80\"\n",
        "router.http = [\"192.0.2.7:80\", \"[2001:db8::7]:8080\"]\n[api]\nhttp = \"1\"\n",
        """
        [api]
        http = "1"
        [router]
        http = [
          "192.0.2.7:80", # first
          # "192.0.2.8:80",
          "[2001:db8::7]:8080",
        ]
        trusted-proxies = ["192.0.2.9"]
        """,
      })
  void eachAddressOfAListHasASocket(String settings) throws IOException {
    assertThat(addresses(settings)).containsExactly("192.0.2.7:80", "[2001:db8::7]:8080");
  }
}
