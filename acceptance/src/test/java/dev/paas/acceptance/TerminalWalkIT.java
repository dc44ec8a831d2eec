package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.Screen;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person does at a terminal, in a window of tmux(1): by the command and by plain ssh. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TerminalWalkIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static final Pattern LISTENS = Pattern.compile("127\\.0\\.0\\.1:([0-9]+) is web[.1]*:");

  /** The prompt of whoever is inside. */
  private static final String INSIDE = "inside> ";

  private final Platform platform;
  private final GitApp app;

  TerminalWalkIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.ofTests(platform, "workshop");
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  /** The two ways of a command line into the platform. */
  private String words(String way, String command) {
    String client =
        way.equals("paas") ? "paas " : "$GIT_SSH_COMMAND -t -p $PAAS_SSH_PORT paas@localhost ";
    return client + command + " -a " + app.name() + " -- ";
  }

  @ParameterizedTest
  @ValueSource(strings = {"paas", "ssh"})
  void aShellIsAShell(String way) {
    try (Screen screen = new Screen(platform, 80, 24)) {
      screen.command(words(way, "run") + "bash --norc --noprofile").await("[$>#] ?$");
      screen.line("PS1='" + INSIDE + "'; clear").await("\\A" + INSIDE.strip());
      screen.line("stty size").await("^24 80$");
      screen.resize(100, 30);
      screen.line("until [ \"$(stty size)\" = '30 100' ]; do sleep 0.1; done; stty size");
      screen.await("^30 100$");
      screen.line("(echo first; exec sleep 1000)").await("^first$").key("C-c").line("echo code $?");
      screen.await("^code 130$");
      screen.line("(echo second; exec sleep 2000)").await("^second$").key("C-z").await("Stopped");
      screen.line("jobs; kill %1; wait; echo gone").await("^gone$");
      screen.line("exit 7").exits(7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"paas", "ssh"})
  void programsOfTheWholeScreenComeAndGo(String way) {
    try (Screen screen = new Screen(platform, 80, 24)) {
      screen.command(words(way, "run") + "vi /tmp/note").await("\"/tmp/note\"");
      screen.type("ifirst line").key("Enter").type("second line").key("Escape");
      screen.await("\\Afirst line\\nsecond line\\n~");
      screen.type(":w").key("Enter").await("/tmp/note.* (2L|2 lines)");
      screen.type(":q").key("Enter").exits(0);

      screen.command(words(way, "run") + "top").await("PID +USER").await("top$");
      screen.type("q").exits(0);

      screen.command(words(way, "exec") + "python3").await("^>>> ?\\Z");
      screen.line("6 * 7").await("^42$");
      screen.line("while True: pass").key("Enter").key("C-c").await("KeyboardInterrupt");
      screen.line("raise SystemExit(5)").exits(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"paas", "ssh"})
  void theDatabaseOfAnInstanceHasItsShell(String way) {
    try (Screen screen = new Screen(platform, 80, 24)) {
      screen.command(words(way, "exec") + "psql").await("^postgres=# ?\\Z");
      screen.line("select 40 + 2 as answer;").await("^ +42$");
      screen.line("\\q").exits(0);
    }
  }

  @Test
  void theDatabaseIsReachedThroughAPortOfThisHost() {
    try (Command.Running forward = app.paas("forward", "0:5432").start()) {
      Awaitility.await("it listens")
          .atMost(SOON)
          .until(() -> LISTENS.matcher(forward.output()).find());
      Matcher said = LISTENS.matcher(forward.output());
      assertThat(said.find()).isTrue();
      assertThat(
              Command.of(
                      "/usr/lib/postgresql/15/bin/psql",
                      "-h",
                      "127.0.0.1",
                      "-p",
                      said.group(1),
                      "-U",
                      "postgres",
                      "-Atc",
                      "select count(*) from generate_series(1, 100000)")
                  .succeed()
                  .out())
          .isEqualTo("100000\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"paas", "ssh"})
  void exitCodesAreThoseOfTheProgram(String way) {
    try (Screen screen = new Screen(platform, 80, 24)) {
      // The shell here takes one pair of quotes away, and ssh passes on what is left.
      String ends = way.equals("ssh") ? "\"sh -c 'exit 3'\"" : "sh -c 'exit 3'";
      screen.command(words(way, "run") + ends).exits(3);
      screen.command(words(way, "run") + "nosuch").exits(127);
      screen.command(words(way, "run") + "/etc/passwd").exits(126);
      screen.command(words(way, "exec") + "nosuch").exits(127);
      screen.command(words(way, "exec") + "/etc/passwd").exits(126);
    }
  }

  @Test
  void whatIsPastedArrivesAsItIs() throws IOException {
    Path pasted = platform.scratch().resolve("pasted");
    String text = "tab\there ünïcödé \u001b[31mred €\n".repeat(100);
    Files.writeString(pasted, text);
    try (Screen screen = new Screen(platform, 80, 24)) {
      String counted = "head -c " + Files.size(pasted) + " | sha256sum";
      screen.command(
          words("paas", "run") + "sh -c 'stty -icanon -icrnl -echo; echo ready; " + counted + "'");
      screen.await("^ready$");
      screen.paste(pasted);
      String digest = Command.of("sha256sum", pasted.toString()).succeed().out().split(" ")[0];
      screen.await("^" + digest);
    }
  }
}
