package dev.paas.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HostRoutesTest {

  private static final String HEAD =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
  private static final AddressRange RANGE = AddressRange.parse("10.214.0.0/16");

  private static List<String> table(String... fields) {
    return List.of(HEAD, String.join("\t", fields));
  }

  @Test
  void anOfficeNetworkThatCoversTheRangeOverlaps() {
    // 10.0.0.0/8
    List<String> office = table("eth0", "0000000A", "00000000", "0001", "0", "0", "0", "000000FF");
    assertThat(HostRoutes.overlapping(RANGE, "paas", office)).contains("10.0.0.0 on eth0");
  }

  @Test
  void networksThatTheHostIsInAreThoseWithoutAGateway() {
    List<String> all =
        List.of(
            HEAD,
            "eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000",
            // 203.0.113.0/24, twice; 198.51.100.0/24 by a gateway; 8.8.8.1/32, a gateway itself
            "eth0\t007100CB\t00000000\t0001\t0\t0\t0\t00FFFFFF",
            "eth1\t007100CB\t00000000\t0001\t0\t0\t9\t00FFFFFF",
            "eth0\t006433C6\t0102A8C0\t0003\t0\t0\t0\t00FFFFFF",
            "eth0\t01080808\t00000000\t0005\t0\t0\t0\tFFFFFFFF",
            // 192.168.2.0/24 and 172.17.0.0/16 are private anyway, 172.32.0.0/16 is not
            "eth0\t0002A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF",
            "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF",
            "eth2\t000020AC\t00000000\t0001\t0\t0\t0\t0000FFFF",
            "vpaas-2\t0200D60A\t00000000\t0005\t0\t0\t0\tFFFFFFFF",
            "*\t0000D60A\t00000000\t0200\t0\t0\t0\t0000FFFF");
    assertThat(HostRoutes.connected("paas", all))
        .containsExactly("172.32.0.0/16", "203.0.113.0/24", "8.8.8.1/32");
  }

  @Test
  void aBridgeInsideTheRangeOverlaps() {
    // 10.214.7.0/24
    List<String> bridge =
        table("docker0", "0007D60A", "00000000", "0001", "0", "0", "0", "00FFFFFF");
    assertThat(HostRoutes.overlapping(RANGE, "paas", bridge)).contains("10.214.7.0 on docker0");
  }

  @Test
  void defaultAndNeighbouringRoutesAndThePlatformsOwnDoNot() {
    List<String> all =
        List.of(
            HEAD,
            "eth0\t00000000\t0202A8C0\t0003\t0\t0\t0\t00000000",
            // 10.215.0.0/16
            "eth0\t0000D70A\t00000000\t0001\t0\t0\t0\t0000FFFF",
            // 10.214.0.2/32, an instance
            "vpaas-2\t0200D60A\t00000000\t0005\t0\t0\t0\tFFFFFFFF",
            // 10.214.0.0/16, unreachable
            "*\t0000D60A\t00000000\t0200\t0\t0\t0\t0000FFFF");
    assertThat(HostRoutes.overlapping(RANGE, "paas", all)).isEmpty();
  }
}
