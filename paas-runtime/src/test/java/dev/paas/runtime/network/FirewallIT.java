package dev.paas.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules in the kernel's packet filter, under a name that no platform has. */
final class FirewallIT {

  private static final String TABLE = "paas-rtfw";
  private static final AddressRange RANGE = AddressRange.parse("10.214.119.0/24");

  private final Firewall firewall = Firewall.of("rtfw", 100);

  @AfterEach
  void close() throws Exception {
    firewall.uninstall();
    firewall.close();
  }

  private static String nft(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("nft");
    builder.command().addAll(List.of(arguments));
    Process nft = builder.redirectErrorStream(true).start();
    String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(nft.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void eachPortOfTheRouterIsOpenToInstancesAndOpenAgainAfterAFlush() throws Exception {
    firewall.install(RANGE, List.of(80, 8080), List.of());
    firewall.check();
    assertThat(nft("list", "table", "inet", TABLE))
        .contains("tcp dport 80 accept", "tcp dport 8080 accept");
    nft("delete", "table", "inet", TABLE);
    assertThat(firewall.restore()).isTrue();
    assertThat(nft("list", "table", "inet", TABLE))
        .contains("tcp dport 80 accept", "tcp dport 8080 accept");
  }

  @Test
  void aPortThatTheRouterHasLeftIsClosedWithTheNextRules() throws Exception {
    firewall.install(RANGE, List.of(80, 8080), List.of());
    firewall.install(RANGE, List.of(8080), List.of());
    firewall.check();
    assertThat(nft("list", "table", "inet", TABLE))
        .contains("tcp dport 8080 accept")
        .doesNotContain("tcp dport 80 accept");
  }
}
