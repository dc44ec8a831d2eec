package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How programs begin and end, whichever way they are started. */
@ExtendWith(SharedPlatform.class)
final class EndingFaultIT {

  /** The process types of the app, each another way to start the same program. */
  private static final List<String> FORMS =
      List.of(
          "web",
          "plain",
          "exec",
          "and",
          "pipe",
          "shell",
          "background",
          "subshell",
          "npm",
          "session");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Platform platform;

  EndingFaultIT(Platform platform) {
    this.platform = platform;
  }

  /** F41 in docs/reliability.md. */
  @Test
  void everyFormOfAStartEndsInItsOwnWayWhateverStopsIt() {
    try (GitApp app = GitApp.ofTests(platform, "endings")) {
      app.push().succeed();
      app.paas(scale(1)).succeed();
      allRun(app);
      try (Command.Running logs = app.paas("logs", "-t").start()) {
        Awaitility.await("the log is followed").atMost(PATIENCE).until(() -> began(logs, "web"));
        app.paas("restart").succeed();
        allDone(logs, 1);
        allRun(app);
        app.write("second", "version");
        app.commit("Second version");
        app.push().succeed();
        allDone(logs, 2);
        allRun(app);
        app.paas(scale(0)).succeed();
        FORMS.stream().filter(form -> !form.equals("web")).forEach(form -> done(logs, form, 3));
        app.paas(scale(1)).succeed();
        allRun(app);
        app.paas("destroy", "--confirm", app.name()).succeed();
        assertThat(logs.output()).doesNotContain("instance.stop-timeout");
      }
      // The app's log has gone with it. Nobody was killed, and the program's own code is the
      // instance's.
      String ends = Command.of("grep", "instance=" + app.name() + "[.]", log()).succeed().out();
      assertThat(ends.split("[.]exec[.][^ ]* exit=exited with code 7 ", -1)).hasSize(5);
      assertThat(ends).doesNotContain("ended by signal 9");
    }
  }

  /** A stop signal of a Dockerfile and a command that ends in its own way by it. */
  private record Stop(String instruction, String trapped, String command) {

    /** The image of a program that says how it ended, by whichever signal it was told to trap. */
    Map<String, String> files() {
      String program =
          """
          use IO::Socket::INET;
          $| = 1;
          my $door = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 5, ReuseAddr => 1);
          $SIG{$ARGV[0]} = sub { print "$ARGV[0] is done\\n"; exit 7 };
          print "$ARGV[0] began\\n";
          while (1) {
            my $client = $door->accept() or next;
            print $client "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n";
          }
          """;
      return Map.of(
          "program.pl",
          program,
          "start",
          "#!/bin/sh\nexec \"$@\"\n",
          "Dockerfile",
          "FROM debian:bookworm-slim\nCOPY . /\nRUN chmod 755 /start\n"
              + instruction
              + "\n"
              + command.replace("PROGRAM", trapped)
              + "\n");
    }
  }

  private static final List<Stop> STOPS =
      List.of(
          new Stop("", "TERM", "CMD perl /program.pl PROGRAM"),
          new Stop("", "TERM", "CMD setsid -f perl /program.pl PROGRAM; exec sleep infinity"),
          new Stop("STOPSIGNAL SIGINT", "INT", "CMD [\"perl\", \"/program.pl\", \"PROGRAM\"]"),
          new Stop("STOPSIGNAL QUIT", "QUIT", "CMD perl /program.pl PROGRAM | cat"),
          new Stop("STOPSIGNAL 10", "USR1", "CMD (perl /program.pl PROGRAM &); sleep infinity"),
          new Stop(
              "STOPSIGNAL SIGRTMIN+3",
              "NUM37",
              "ENTRYPOINT [\"/start\"]\nCMD [\"perl\", \"/program.pl\", \"PROGRAM\"]"));

  /** F41 in docs/reliability.md. */
  @Test
  void theStopSignalOfAnImageReachesItsProgramHoweverItIsStarted() {
    Map<GitApp, Stop> apps = new LinkedHashMap<>();
    try {
      for (Stop stop : STOPS) {
        GitApp app = GitApp.of(platform, "stops", stop.files());
        apps.put(app, stop);
        app.push().succeed();
        app.paas("restart").succeed();
      }
      apps.forEach(
          (app, stop) ->
              Awaitility.await(stop + " has ended in its own way")
                  .atMost(PATIENCE)
                  .untilAsserted(
                      () ->
                          assertThat(app.paas("logs").succeed().out())
                              .contains(stop.trapped() + " is done")
                              .doesNotContain("instance.stop-timeout")));
    } finally {
      apps.keySet().forEach(GitApp::close);
    }
  }

  private static boolean began(Command.Running logs, String form) {
    return logs.output().contains(form + " began");
  }

  private static String[] scale(int count) {
    List<String> words = new ArrayList<>(List.of("scale"));
    FORMS.stream()
        .filter(form -> !form.equals("web"))
        .forEach(form -> words.add(form + "=" + count));
    return words.toArray(String[]::new);
  }

  private static void allRun(GitApp app) {
    Awaitility.await("all run and nothing else is there")
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode all = app.paasJson("ps").path("instances");
              return all.size() == FORMS.size() && app.pids().size() == FORMS.size();
            });
  }

  private static void allDone(Command.Running logs, int times) {
    FORMS.forEach(form -> done(logs, form, times));
  }

  private static void done(Command.Running logs, String form, int times) {
    Awaitility.await(form + " has ended in its own way " + times + " times")
        .atMost(PATIENCE)
        .until(() -> logs.output().split(form + " is done", -1).length > times);
  }

  /** F43 in docs/reliability.md. */
  @Test
  void aRunWhoseCallerIsGoneEndsInItsOwnWay() {
    try (GitApp app = GitApp.ofTests(platform, "endings")) {
      app.push().succeed();
      try (Command.Running run = app.paas("run", "--", "node", "worker.js", "run").start()) {
        Awaitility.await("it runs").atMost(PATIENCE).until(() -> began(run, "run"));
        run.kill();
      }
      Awaitility.await("it ended with its own code")
          .atMost(PATIENCE)
          .until(
              () ->
                  Command.of("grep", "app=" + app.name() + " exit=exited with code 7", log())
                          .run()
                          .exit()
                      == 0);
    }
  }

  private String log() {
    return platform.folder().resolve("log/paas-runtimed/current").toString();
  }
}
