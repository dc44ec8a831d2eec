package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Bodies that would cost a parser its stack, heap or time, or that two parsers read differently.
 */
@ExtendWith(SharedPlatform.class)
final class JsonThreatIT {
  private final Platform platform;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ObjectMapper json = new ObjectMapper();

  JsonThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T24 in docs/reliability.md: the JSON of it. */
  @Test
  void bombsOfJsonAreBoundedProblemsAndLeaveNothing() throws Exception {
    try (GitApp app = GitApp.of(platform, "json", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      long paasd = platform.pid("paasd");
      String apps = platform.paas("apps").succeed().out();
      String releases = app.paas("releases", "--json").succeed().out();
      Map<String, String> bodies = new LinkedHashMap<>();
      bodies.put("deep arrays", "{\"name\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
      bodies.put("deep objects", "{\"name\":".repeat(80_000) + "1" + "}".repeat(80_000));
      bodies.put("deep where nothing is", "[".repeat(200_000));
      bodies.put("a field twice", "{\"name\":\"first\",\"name\":\"second\"}");
      bodies.put("a long name", "{\"" + "x".repeat(500_000) + "\":1}");
      bodies.put("many names", "{" + names(30_000) + "}");
      bodies.put("a long string", "{\"name\":\"" + "x".repeat(1_000_000) + "\"}");
      bodies.put("two bodies", "{\"name\":\"first\"}{\"name\":\"second\"}");
      bodies.put("nothing", "");
      bodies.put("a comment", "{/**/\"name\":\"first\"}");
      bodies.put("half a surrogate", "{\"name\":\"\\ud800\"}");
      bodies.put("a number for a text", "{\"name\":1}");
      for (Map.Entry<String, String> body : bodies.entrySet()) {
        refused(body.getKey(), "/v1/apps", "POST", utf8(body.getValue()), 400);
      }
      refused("too long", "/v1/apps", "POST", utf8("\"" + "x".repeat(2 << 20) + "\""), 413);
      refused(
          "not UTF-8",
          "/v1/apps",
          "POST",
          "{\"name\":\"\u00ff\u00c0\u00af\"}".getBytes(StandardCharsets.ISO_8859_1),
          400);
      refused(
          "UTF-16",
          "/v1/apps",
          "POST",
          "{\"name\":\"first\"}".getBytes(StandardCharsets.UTF_16),
          400);
      String scale = "/v1/apps/" + app.name() + "/scale";
      for (String number :
          new String[] {"9".repeat(500_000), "1e999999999", "1" + "0".repeat(30), "1.5", "NaN"}) {
        refused(
            number.substring(0, 2) + "…",
            scale,
            "POST",
            utf8("{\"processes\":{\"web\":" + number + "}}"),
            400);
      }
      refused(
          "more than an int", scale, "POST", utf8("{\"processes\":{\"web\":99999999999}}"), 422);
      String config = "/v1/apps/" + app.name() + "/config";
      refused("many vars", config, "PATCH", utf8("{\"set\":{" + names(50_000) + "}}"), 413);
      refused(
          "a parameter",
          "/v1/apps/" + app.name() + "/logs?tail=99999999999",
          "GET",
          new byte[0],
          400);
      endless();
      assertThat(platform.pid("paasd")).as("the process that read all this").isEqualTo(paasd);
      assertThat(platform.paas("apps").succeed().out()).isEqualTo(apps);
      assertThat(app.paas("releases", "--json").succeed().out()).isEqualTo(releases);
    }
    Aftermath.isClean(platform);
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"A" + i + "\":\"value\"")
        .collect(Collectors.joining(","));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void refused(String what, String path, String method, byte[] body, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request(path).method(method, HttpRequest.BodyPublishers.ofByteArray(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(what + ": " + response.body()).isEqualTo(status);
    assertProblem(what, response);
  }

  private void assertProblem(String what, HttpResponse<String> response) throws IOException {
    assertThat(response.headers().firstValue("Content-Type"))
        .as(what)
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = json.readTree(response.body());
    assertThat(problem.path("code").asText()).as(what).isNotEmpty();
    assertThat(problem.path("fix").asText()).as(what).isNotEmpty();
    assertThat(response.body().length()).as("the answer is bounded").isLessThan(2_000);
  }

  /** A string of a gigabyte, sent in chunks without a length: it is not waited for. */
  private void endless() throws IOException, InterruptedException {
    long[] sent = {0};
    InputStream body =
        new InputStream() {
          @Override
          public int read() {
            return sent[0]++ == 0 ? '"' : sent[0] > 1L << 30 ? -1 : 'x';
          }

          @Override
          public int read(byte[] bytes, int from, int length) {
            java.util.Arrays.fill(bytes, from, from + length, (byte) 'x');
            sent[0] += length;
            return sent[0] > 1L << 30 ? -1 : length;
          }
        };
    try {
      HttpResponse<String> response =
          http.send(
              request("/v1/apps")
                  .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(413);
    } catch (IOException cut) {
      // It may be cut off while it sends.
    }
    assertThat(sent[0]).as("bytes that were taken").isLessThan(64 << 20);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(platform.variable("PAAS_API") + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + platform.variable("PAAS_TOKEN"))
        .header("Content-Type", "application/json");
  }
}
