package dev.paas.runtime.solve.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a download may lead to; those of this host are asked of the kernel. */
final class PublicAddressesIT {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::a00:1",
        "2001::1",
        "2002:a00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
      })
  void noneOfAPrivateNetworkIsPublic(String address) throws IOException {
    assertThat(PublicAddresses.has(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "168.63.129.17",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.254",
        "2606:4700::1111",
        "2a00:1450::1",
      })
  void othersAre(String address) throws IOException {
    assertThat(PublicAddresses.has(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void noAddressOfThisHostIsPublic() throws IOException {
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(each.getInetAddresses())) {
        assertThat(PublicAddresses.has(address)).as(address.toString()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.1, 203.0.113.254, 24, true",
    "203.0.113.1, 203.0.112.254, 24, false",
    "203.0.113.1, 203.0.112.254, 23, true",
    "203.0.113.1, 203.0.113.1, 32, true",
    "203.0.113.1, 203.0.113.0, 32, false",
    "2001:db8::1, 2001:db8::2, 64, true",
    "2001:db8::1, 2001:db8:0:1::2, 64, false",
    "2001:db8::1, 2001:db8:0:1::2, 63, true",
  })
  void aNetworkOfThisHostIsWhatSharesItsPrefix(String own, String other, int bits, boolean near)
      throws IOException {
    byte[] first = InetAddress.getByName(own).getAddress();
    byte[] second = InetAddress.getByName(other).getAddress();
    assertThat(PublicAddresses.sharePrefix(first, second, bits)).isEqualTo(near);
  }
}
