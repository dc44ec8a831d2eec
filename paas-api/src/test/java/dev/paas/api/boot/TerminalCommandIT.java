package dev.paas.api.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.PaasCommand;
import dev.paas.cli.http.Endpoint;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command makes of terminals, with the API that it talks to. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class TerminalCommandIT {

  private static final String APP = "term-cli";

  @Inject Caller caller;
  @Inject SshListener ssh;

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] input = {};

  @BeforeEach
  void anAppServes() throws Exception {
    // One push serves all tests of this class.
    if (caller.admin().get("/v1/apps/" + APP).statusCode() == 404) {
      Workplace place = new Workplace(folder.resolve("place"), ssh.port());
      caller
          .admin()
          .body(Map.of("name", "term-cli-key", "key", place.publicKey()))
          .post("/v1/keys")
          .then()
          .statusCode(201);
      assertThat(place.git(place.site(APP, "one"), "push", "paas", "main").code()).isZero();
    }
  }

  @Test
  void aCommandInATerminalHasItsInputOutputAndCode() {
    input = "typed\n".getBytes(UTF_8);
    assertThat(paas("run", "-t", "-e", "TERM=vt100", "--", "program tell TERM size cat exit 9"))
        .isEqualTo(9);
    assertThat(text(out)).isEqualTo("vt100\r\n24 80\r\ntyped\r\n");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void anExecWithoutATerminalPassesEveryByteAndKeepsErrorsApart() {
    input = new byte[300_000];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) (i * 7);
    }
    assertThat(paas("exec", "web.1", "--", "program complain oops cat exit 3")).isEqualTo(3);
    assertThat(out.toByteArray()).isEqualTo(input);
    assertThat(text(err)).isEqualTo("oops\n");
  }

  @Test
  void aCommandIsLeftAloneListedReadAttachedToAndStopped() {
    assertThat(paas("run", "--detach", "--", "program say hello wait")).isZero();
    String id = text(out).strip();
    assertThat(id).matches("[0-9a-f]{24}");
    assertThat(paas("run:list")).isZero();
    assertThat(text(out)).contains(id).contains("program say hello wait").contains("runs");
    assertThat(paas("run:stop", id)).isZero();
    assertThat(text(out)).isEqualTo("Stopped " + id + ".\n");
    assertThat(paas("run:logs", id)).isZero();
    assertThat(text(out)).isEqualTo("hello\n");
    assertThat(paas("run:attach", id)).isEqualTo(143);
    assertThat(text(out)).isEqualTo("hello\n");
    assertThat(paas("run:list", "--json")).isZero();
    assertThat(text(out)).contains("\"code\":143");
    assertThat(paas("run:stop", "nobody")).isEqualTo(3);
  }

  @Test
  void whoReadsOnlyTheBeginningEndsTheCommandQuietly() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    int code =
        PaasCommand.run(
            words("exec", "--", "program flood 4096 wait"),
            new ByteArrayInputStream(input),
            PaasCommand.utf8(closed),
            PaasCommand.utf8(err),
            endpoint());
    assertThat(code).isEqualTo(141);
    assertThat(text(err)).isEmpty();
  }

  @Test
  void whatThePlatformDidNotRunIs125() {
    assertThat(paas("exec", "web.9", "--", "true")).isEqualTo(125);
    assertThat(text(err)).contains("error: No such instance runs: web.9").contains("fix: ");
    assertThat(paas("-a", "nosuch", "exec")).isEqualTo(3);
  }

  private int paas(String... line) {
    out.reset();
    err.reset();
    return PaasCommand.run(
        words(line),
        new ByteArrayInputStream(input),
        PaasCommand.utf8(out),
        PaasCommand.utf8(err),
        endpoint());
  }

  /** The app comes first; the words of the last argument are words of the command. */
  private static List<String> words(String... line) {
    List<String> words = new ArrayList<>();
    if (!Arrays.asList(line).contains("-a")) {
      words.addAll(List.of("-a", APP));
    }
    for (String each : line) {
      words.addAll(each.startsWith("program ") ? List.of(each.split(" ")) : List.of(each));
    }
    return words;
  }

  private Endpoint endpoint() {
    return new Endpoint("http://127.0.0.1:" + RestAssured.port, caller.adminToken());
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(UTF_8);
  }
}
