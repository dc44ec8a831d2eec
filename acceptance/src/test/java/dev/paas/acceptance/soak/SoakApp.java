package dev.paas.acceptance.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** An app under load, what it should answer, and the changes that can be made to it. */
final class SoakApp {
  private static final int MOST_INSTANCES = 3;
  private static final Duration PUSHED_WITHIN = Duration.ofMinutes(5);

  private final Platform platform;
  private final GitApp git;
  private final String file;
  private final boolean greets;
  private final Expected expected = new Expected();
  private final Map<String, State> releases = new TreeMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private int pushed = 1;
  private State state = new State(1, "none");
  private int instances = 1;

  /** What makes up the answer of a release. */
  private record State(int version, String greeting) {}

  /**
   * @param file where its version stands, as {@code version N}
   * @param greets it says its config var GREETING, too
   */
  SoakApp(Platform platform, GitApp git, String file, boolean greets) {
    this.platform = platform;
    this.git = git;
    this.file = file;
    this.greets = greets;
    expected.only(text(state));
  }

  /**
   * A change to an app.
   *
   * @param refused the command must fail, and everything stays as it is
   * @param text what the app answers when the change serves
   * @param done what holds once it was acknowledged
   */
  record Change(String name, Command command, boolean refused, String text, Runnable done) {}

  String name() {
    return git.name();
  }

  Expected expected() {
    return expected;
  }

  int instances() {
    return instances;
  }

  ReentrantLock lock() {
    return lock;
  }

  GitApp git() {
    return git;
  }

  private String text(State of) {
    return "version " + of.version + (greets ? " " + of.greeting : "") + ending();
  }

  /** So that version 1 is not found in version 12. */
  private String ending() {
    return file.endsWith(".html") ? "<" : "\n";
  }

  /** The text that is right once nothing changes any more. */
  String text() {
    return text(state);
  }

  Change firstPush() {
    return new Change("push", git.push(), false, text(), () -> {});
  }

  Change push() {
    int next = pushed + 1;
    git.change(file, "version " + pushed, "version " + next);
    pushed = next;
    State then = new State(next, state.greeting);
    return changing("push version " + next, git.push(), then);
  }

  /** A version that exits at once: it is refused, and the one before serves on. */
  Change brokenPush() {
    git.write(
        "package.json",
        "{\"name\":\"x\",\"version\":\"1.0.0\",\"scripts\":{\"start\":\"exit 3\"}}");
    git.commit("Exit at once");
    String commit = git.git("rev-parse", "HEAD").succeed().out().strip();
    git.git("reset", "-q", "--hard", "HEAD~1").succeed();
    Command push = git.git("push", "paas", commit + ":main").within(PUSHED_WITHIN);
    return new Change("push of what exits at once", push, true, text(), () -> {});
  }

  boolean canBreak() {
    return file.endsWith(".js");
  }

  Change config(Random random) {
    String greeting = "g" + random.nextInt(1000);
    State then = new State(state.version, greeting);
    return changing(
        "config set GREETING=" + greeting, git.paas("config", "set", "GREETING=" + greeting), then);
  }

  Change rollback(Random random) {
    List<String> reached = new ArrayList<>();
    for (JsonNode release : git.paasJson("releases")) {
      if (releases.containsKey(release.path("version").asText())
          && release.path("kept").asBoolean()
          && !release.path("current").asBoolean()) {
        reached.add(release.path("version").asText());
      }
    }
    if (reached.isEmpty()) {
      return push();
    }
    String to = reached.get(random.nextInt(reached.size()));
    State then = releases.getOrDefault(to, state);
    return changing("rollback to " + to, git.paas("rollback", to), then);
  }

  Change scale(Random random) {
    int to = 1 + random.nextInt(MOST_INSTANCES);
    return scale(to);
  }

  Change scale(int to) {
    return new Change(
        "scale web=" + to, git.paas("scale", "web=" + to), false, text(), () -> instances = to);
  }

  Change restart() {
    return new Change("restart", git.paas("restart"), false, text(), () -> {});
  }

  Change run() {
    return new Change(
        "run", git.paas("run", "--", "sh", "-c", "exit $((6 * 7 - 42))"), false, text(), () -> {});
  }

  boolean canRun() {
    // An image from scratch has no shell.
    return !file.endsWith(".c");
  }

  Change look() {
    return new Change("ps", git.paas("ps"), false, text(), () -> {});
  }

  private Change changing(String name, Command command, State then) {
    expected.maybe(text(then));
    return new Change(
        name,
        command,
        false,
        text(then),
        () -> {
          state = then;
          expected.only(text(then));
        });
  }

  /** Remembers what the release that serves now answers, for a rollback to it. */
  void remember() {
    for (JsonNode release : git.paasJson("releases")) {
      if (release.path("current").asBoolean()) {
        releases.put(release.path("version").asText(), state);
      }
    }
  }

  /** What it answers now. */
  String answer() {
    return platform.body(name(), "/");
  }
}
