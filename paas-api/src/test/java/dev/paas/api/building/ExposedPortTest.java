package dev.paas.api.building;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.runtime.ImageConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExposedPortTest {

  @Test
  void oneTcpPortIsTheOne() {
    assertThat(port("8080/tcp")).isEqualTo(8080);
    assertThat(port("8080")).isEqualTo(8080);
    assertThat(port("1")).isEqualTo(1);
    assertThat(port("65535/tcp")).isEqualTo(65535);
    assertThat(port("8080/tcp", "9/sctp")).isEqualTo(8080);
    assertThat(port("8080/tcp", "8080/udp", "53/udp")).isEqualTo(8080);
  }

  @Test
  void anythingElseIsTheDefault() {
    assertThat(port()).isEqualTo(5000);
    assertThat(port("80/tcp", "443/tcp")).isEqualTo(5000);
    assertThat(port("53/udp")).isEqualTo(5000);
    assertThat(port("http/tcp")).isEqualTo(5000);
    assertThat(port("99999/tcp")).isEqualTo(5000);
    assertThat(port("0/tcp")).isEqualTo(5000);
    assertThat(port("65536/tcp")).isEqualTo(5000);
  }

  private static int port(String... exposed) {
    return ExposedPort.of(ImageConfig.newBuilder().addAllExposedPorts(List.of(exposed)).build());
  }
}
