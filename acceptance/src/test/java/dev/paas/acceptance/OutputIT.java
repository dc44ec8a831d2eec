package dev.paas.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What programs print arrives as they printed it: in logs, build output and one-off runs. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OutputIT {
  private static final Duration SHOWN_WITHIN = Duration.ofSeconds(30);

  private final Platform platform;
  private final GitApp app;

  OutputIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.ofTests(platform, "printer");
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  /** One call of write(2) of the app: a stream's number and the bytes in base64. */
  private record Write(int stream, String base64) {
    static Write of(int stream, byte[] bytes) {
      return new Write(stream, Base64.getEncoder().encodeToString(bytes));
    }

    static Write of(int stream, String text) {
      return of(stream, text.getBytes(UTF_8));
    }
  }

  private void print(String path, List<Write> writes) throws IOException {
    StringBuilder body = new StringBuilder();
    writes.forEach(write -> body.append(write.stream() + " " + write.base64() + "\n"));
    assertThat(platform.post(app.name(), path, body.toString()).body()).isEqualTo("printed");
  }

  /** The last lines of a stream as {@code paas logs --json} tells them. */
  private List<String> lines(String stream) throws IOException {
    List<String> lines = new ArrayList<>();
    String all = app.paas("logs", "-n", "2000", "--json").succeed().out();
    for (String line : all.lines().toList()) {
      JsonNode told = new ObjectMapper().readTree(line);
      if (told.path("stream").asText().equals(stream)) {
        lines.add(told.path("text").asText());
      }
    }
    return lines;
  }

  private void awaitLine(String stream, String line) {
    Awaitility.await(line).atMost(SHOWN_WITHIN).until(() -> lines(stream).contains(line));
  }

  @Test
  void requestThatFailsStandsInTheLogWithItsRule() throws IOException {
    try (Command.Running follower = app.paas("logs", "-t", "-n", "0").start()) {
      Awaitility.await("a request of the router's failed, and its rule is in the log")
          .atMost(SHOWN_WITHIN)
          .until(
              () -> {
                assertThat(platform.post(app.name(), "/broken", "").statusCode()).isEqualTo(502);
                return follower.output().contains(" router: at=error code=router.bad-response ");
              });
    }
    assertThat(lines("router"))
        .anyMatch(line -> line.contains("path=\"/broken\"") && line.contains("status=502"));
    assertThat(app.paas("logs", "-p", "web.1").succeed().out()).contains("instance=web.1");
    assertThat(app.paas("logs", "-p", "run").succeed().out()).doesNotContain("at=error");
  }

  @Test
  void lineIsTheSameWhereverItsBytesAreCutAndWhateverTheOtherStreamPrints() throws IOException {
    Random random = new Random(7);
    String text = "aé€😀".repeat(5000);
    byte[] bytes = (text + "\nend of it\n").getBytes(UTF_8);
    List<Write> writes = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = Math.min(bytes.length, at + 1 + random.nextInt(9000));
      writes.add(Write.of(1, Arrays.copyOfRange(bytes, at, end)));
      writes.add(Write.of(2, "ö"));
      at = end;
    }
    writes.add(Write.of(2, "\n"));
    print("/", writes);
    awaitLine("stdout", "end of it");
    assertThat(lines("stdout")).contains(text);
    awaitLine("stderr", "ö".repeat(writes.size() / 2));
  }

  @Test
  void bytesThatAreNotTextAreReplacedAndTakeNothingElseAlong() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes("<é".getBytes(UTF_8));
    line.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe2, (byte) 0x82});
    line.writeBytes("€>\n".getBytes(UTF_8));
    print("/", List.of(Write.of(1, line.toByteArray())));
    awaitLine("stdout", "<é\ufffd\ufffd€>");
  }

  @Test
  void lastWordsOfAProcessAreALineAndNoPartOfTheNextOnesFirst() throws IOException {
    try (Command.Running follower = app.paas("logs", "-t", "-n", "0").start()) {
      Awaitility.await("the follower follows")
          .atMost(SHOWN_WITHIN)
          .until(
              () -> {
                print("/", List.of(Write.of(1, "anybody there?\n")));
                return follower.output().contains("anybody there?");
              });
      print("/exit", List.of(Write.of(1, "last words"), Write.of(2, "and why")));
      awaitLine("stdout", "last words");
      awaitLine("stderr", "and why");
      Awaitility.await("the next process speaks")
          .atMost(SHOWN_WITHIN)
          .until(() -> follower.output().contains(" begins"));
      assertThat(follower.output())
          .containsPattern("(?m): last words$")
          .containsPattern("(?m): and why$")
          .containsPattern("(?m): process \\d+ begins$");
    }
  }

  @Test
  void whatAProcessThatRunsHasBegunIsShown() throws IOException {
    print("/", List.of(Write.of(1, "Password: ")));
    awaitLine("stdout", "Password: ");
    print("/", List.of(Write.of(1, "given\n")));
    awaitLine("stdout", "Password: given");
  }

  @Test
  void oneOffRunPassesEveryByteOnBothWays() throws IOException {
    Path folder = Files.createDirectory(platform.scratch().resolve(platform.newAppName("bytes")));
    byte[] sent = new byte[700_001];
    new Random(11).nextBytes(sent);
    Files.write(folder.resolve("in"), sent);
    // In the locale C, where a program that took bytes for text would lose them.
    Command.of(
            "bash",
            "-c",
            "LC_ALL=C paas run -a \"$0\" -- sh -c 'tee /dev/stderr; printf %s é; printf %s \"$1\" >&2'"
                + " sh ö <in >out 2>err",
            app.name())
        .with(platform.environment())
        .in(folder)
        .succeed();
    byte[] out = Arrays.copyOf(sent, sent.length + 2);
    byte[] err = Arrays.copyOf(sent, sent.length + 2);
    System.arraycopy("é".getBytes(UTF_8), 0, out, sent.length, 2);
    System.arraycopy("ö".getBytes(UTF_8), 0, err, sent.length, 2);
    assertThat(Files.readAllBytes(folder.resolve("out"))).isEqualTo(out);
    assertThat(Files.readAllBytes(folder.resolve("err"))).isEqualTo(err);
  }

  @Test
  void buildOutputHasWholeCharactersAndStreamsOfTheirOwn() {
    String dockerfile =
        """
        FROM debian:bookworm-slim
        RUN printf 'gr\\303'; sleep 0.2; printf 'warning' >&2; sleep 0.2; \
            printf '\\274n\\n'; sleep 0.2; printf ' one\\nno newline' >&2
        RUN printf '5 \\342\\202' && false
        """;
    try (GitApp builder = GitApp.of(platform, "prints", Map.of("Dockerfile", dockerfile))) {
      String pushed = builder.push().fail().err();
      assertThat(pushed)
          .containsPattern("(?m)^remote: +grün *$")
          .containsPattern("(?m)^remote: +warning one *$")
          .containsPattern("(?m)^remote: +no newline *$")
          .containsPattern("(?m)^remote: +5 \ufffd *$");
      String kept = builder.paas("builds:output", "1").succeed().out();
      assertThat(kept).contains("grün\n").contains("warning one\n").contains("no newline\n");
    }
  }
}
