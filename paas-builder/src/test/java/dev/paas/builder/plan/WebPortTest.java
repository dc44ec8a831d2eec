package dev.paas.builder.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.runtime.ImageConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPortTest {

  @ParameterizedTest
  @CsvSource({
    "8080/tcp, 8080",
    "8080, 8080",
    "1, 1",
    "65535/tcp, 65535",
    "8080/tcp 9/sctp, 8080",
    "53/udp 8080/tcp 8080/udp, 8080",
    "3000/tcp 4000/tcp, 3000",
    "4000/tcp 3000/tcp, 4000",
    "22/tcp 3000/tcp, 3000",
    "443/tcp 80/tcp, 80",
    "443/tcp 22/tcp, 443",
    "443/tcp, 443",
  })
  void theFirstThatCanBeHttpGetsTheRequests(String exposed, int port) {
    assertThat(WebPort.of(config("A=b", exposed.split(" ")))).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({"53/udp", "http/tcp", "99999/tcp", "0/tcp", "65536/tcp"})
  void whatIsNoPortOfTcpCountsForNothing(String exposed) {
    assertThat(WebPort.of(config("PORT=9000", exposed))).isEqualTo(WebPort.DEFAULT);
  }

  @Test
  void theImagesOwnPortChoosesAmongThem() {
    assertThat(WebPort.of(config("PORT=4000", "3000/tcp", "4000/tcp"))).isEqualTo(4000);
    assertThat(WebPort.of(config("PORT=9", "3000/tcp", "4000/tcp"))).isEqualTo(3000);
    assertThat(WebPort.of(config("PORT=x", "3000/tcp"))).isEqualTo(3000);
    assertThat(WebPort.of(config("PORT=4000"))).isEqualTo(WebPort.DEFAULT);
  }

  @Test
  void whoExposesSeveralIsTold() {
    assertThat(WebPort.note(config("A=b", "22/tcp", "3000/tcp")))
        .hasValueSatisfying(note -> assertThat(note).contains("2 ports").contains("go to 3000"));
    assertThat(WebPort.note(config("A=b", "3000/tcp", "53/udp"))).isEmpty();
    assertThat(WebPort.note(config("A=b"))).isEmpty();
  }

  private static ImageConfig config(String variable, String... exposed) {
    return ImageConfig.newBuilder().addEnv(variable).addAllExposedPorts(List.of(exposed)).build();
  }
}
