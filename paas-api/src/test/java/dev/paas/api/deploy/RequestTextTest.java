package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RequestTextTest {

  @Test
  void requestsAreReadAsTheyWereWritten() {
    for (Request request :
        new Request[] {
          new Request.Deploy(4),
          new Request.Scale(new TreeMap<>(Map.of("web", 2))),
          new Request.Restart(null),
          new Request.Restart("web"),
          new Request.Config(9),
          new Request.Rollback(2)
        }) {
      assertThat(RequestText.read(RequestText.write(request))).isEqualTo(request);
    }
  }
}
