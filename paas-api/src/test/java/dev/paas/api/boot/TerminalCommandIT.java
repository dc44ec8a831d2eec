package dev.paas.api.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.PaasCommand;
import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.terminal.Tty;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
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
  void optionsOfAnExecMayStandBehindItsInstance() {
    for (String[] line :
        new String[][] {
          {"exec", "web.1", "-a", APP, "-e", "X=-a", "--", "program tell X exit 4"},
          {"exec", "-a", APP, "web.1", "-e", "X=-a", "program tell X exit 4"},
          {"exec", "-a", APP, "-e", "X=-a", "--", "web.1", "program tell X exit 4"},
          {"exec", "-a", APP, "-e", "X=-a", "web.1", "--", "program tell X exit 4"}
        }) {
      assertThat(paas(line)).as(text(err)).isEqualTo(4);
      assertThat(text(out)).isEqualTo("-a\n");
    }
    assertThat(paas("exec", "web.1", "-la")).isEqualTo(2);
    assertThat(text(err)).contains("Unknown option: -la");
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
    assertThat(text(err))
        .contains("error: No such instance runs: web.9\n")
        .contains("fix: ")
        .doesNotContain("\r");
    assertThat(paas("-a", "nosuch", "exec")).isEqualTo(3);
  }

  @Test
  void aScreenThatChangesBeforeTheFirstMessageIsToldAfterIt() {
    Tty hasty =
        new Tty() {
          @Override
          public String type() {
            return "xterm";
          }

          @Override
          public Raw raw(Consumer<Size> resized, IntConsumer signalled) {
            resized.accept(new Size(100, 30));
            return new Raw() {
              @Override
              public Size size() {
                return Size.USUAL;
              }

              @Override
              public void close() {}
            };
          }
        };
    int code =
        PaasCommand.run(
            words("run", "--", "program resized exit 6"),
            new ByteArrayInputStream(input),
            PaasCommand.utf8(out),
            PaasCommand.utf8(err),
            endpoint(),
            new Cancellation(),
            Optional.of(hasty));
    assertThat(text(out)).isEqualTo("30 100\r\n");
    assertThat(code).isEqualTo(6);
  }

  @Test
  void whoAttachesWithoutATerminalLeavesTheInputAlone() throws Exception {
    PipedOutputStream typed = new PipedOutputStream();
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    CompletableFuture<Integer> run =
        inBackground("exec", new PipedInputStream(typed), first, "program say one cat say three");
    Awaitility.await().until(() -> text(first).equals("one\n"));
    assertThat(paas("run:list", "--json")).isZero();
    Matcher id = Pattern.compile("\"id\":\"([0-9a-f]{24})\"[^}]*\"three\"").matcher(text(out));
    assertThat(id.find()).isTrue();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    CompletableFuture<Integer> attached =
        inBackground("run:attach", InputStream.nullInputStream(), second, id.group(1));
    Awaitility.await().until(() -> text(second).equals("one\n"));
    typed.write("two\n".getBytes(UTF_8));
    typed.close();
    assertThat(run.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(attached.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(text(second)).isEqualTo("one\ntwo\nthree\n");
  }

  private CompletableFuture<Integer> inBackground(
      String command, InputStream in, ByteArrayOutputStream to, String words) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () ->
                code.complete(
                    PaasCommand.run(
                        words(command, words),
                        in,
                        PaasCommand.utf8(to),
                        PaasCommand.utf8(err),
                        endpoint())));
    thread.setDaemon(true);
    thread.start();
    return code;
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
