package dev.paas.router.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class AccessLogTest {

  private static AccessEntry entry(String target) {
    return new AccessEntry(
        0,
        "id",
        "10.0.0.9",
        "GET",
        "a.test",
        target,
        "a",
        "a.v1.web.1.g0",
        "web.1",
        200,
        null,
        null,
        1,
        2,
        3,
        4,
        1);
  }

  @Test
  void aLineIsOneObjectInAsciiWhateverTheClientSent() {
    assertThat(entry("/\"\\\n\u001b[2J\u00e9").toJson())
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00Z\",\"request_id\":\"id\",\"client\":\"10.0.0.9\","
                + "\"method\":\"GET\",\"host\":\"a.test\","
                + "\"target\":\"/\\\"\\\\\\u000a\\u001b[2J\\u00e9\",\"app\":\"a\","
                + "\"instance\":\"a.v1.web.1.g0\",\"label\":\"web.1\",\"status\":200,\"bytes_in\":1,"
                + "\"bytes_out\":2,\"first_byte_us\":3,\"total_us\":4,\"attempts\":1}");
  }

  @Test
  void aFullLogDropsEntriesAndSaysHowMany() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = new AccessLog(out);
    for (int i = 0; i < 8192 + 7; i++) {
      log.add(entry("/"));
    }
    log.start();
    log.close();
    String[] lines = out.toString(StandardCharsets.US_ASCII).split("\n", -1);
    assertThat(lines[0]).isEqualTo("{\"dropped_entries\":7}");
    assertThat(lines).hasSize(1 + 8192 + 1);
  }
}
