package dev.paas.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.settings.ListenAddress;
import dev.paas.base.settings.ListenAddresses;
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

  private static List<RouterDoor> doors(ListenAddress... addresses) {
    return RouterDoor.of(new ListenAddresses(List.of(addresses)));
  }

  private static String rules() throws Exception {
    return nft("list", "table", "inet", TABLE);
  }

  @Test
  void theRouterIsOpenToInstancesWhereItListensAndOpenAgainAfterAFlush() throws Exception {
    firewall.install(
        RANGE,
        doors(new ListenAddress("0.0.0.0", 80), new ListenAddress("192.0.2.7", 8080)),
        List.of());
    firewall.check();
    String before = rules();
    assertThat(before.lines().map(String::strip))
        .contains("tcp dport 80 accept", "ip daddr 192.0.2.7 tcp dport 8080 accept");
    nft("delete", "table", "inet", TABLE);
    assertThat(firewall.restore()).isTrue();
    assertThat(rules()).isEqualTo(before);
  }

  @Test
  void anAddressThatTheRouterHasLeftIsClosedWithTheNextRules() throws Exception {
    ListenAddress kept = new ListenAddress("192.0.2.7", 8080);
    firewall.install(RANGE, doors(new ListenAddress("0.0.0.0", 80), kept), List.of());
    firewall.install(RANGE, doors(kept), List.of());
    firewall.check();
    assertThat(rules())
        .contains("ip daddr 192.0.2.7 tcp dport 8080 accept")
        .doesNotContain("tcp dport 80 accept");
  }
}
