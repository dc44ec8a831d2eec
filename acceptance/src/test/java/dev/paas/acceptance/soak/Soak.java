package dev.paas.acceptance.soak;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Steady load on several apps while they are deployed, scaled, rolled back, configured and
 * restarted and daemons are killed at random; every failed request is counted with its cause. The
 * exit code is 1 when anything failed that nothing excuses.
 */
public final class Soak {
  /** The last part of the time is without kills, so that what leaks adds up and is seen. */
  private static final double KILLING = 0.8;

  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  private final Options options;
  private final Platform platform;
  private final Chronicle chronicle = new Chronicle();
  private final List<String> findings = new ArrayList<>();

  private Soak(Options options, Platform platform) {
    this.options = options;
    this.platform = platform;
  }

  public static void main(String[] arguments) throws InterruptedException {
    Options options = Options.of(Arrays.asList(arguments));
    Report report;
    try (Platform platform = Platform.up()) {
      try {
        report = new Soak(options, platform).run();
      } finally {
        keepLogs(platform);
      }
    }
    System.out.println(options.json() ? report.json() : report.text());
    System.exit(report.clean() ? 0 : 1);
  }

  /** The logs of the daemons outlive the platform, for who looks for a cause. */
  private static void keepLogs(Platform platform) {
    Path kept = Platform.repository().resolve("dist/soak-logs");
    Command.of("rm", "-rf", kept.toString()).succeed();
    Command.of("cp", "-a", platform.folder().resolve("log").toString(), kept.toString()).succeed();
    String copy = "cp -a \"$0\"/data/router/access.log* \"$1\"";
    Command.of("sh", "-c", copy, platform.folder().toString(), kept.toString()).run();
  }

  private Report run() throws InterruptedException {
    chronicle.say("the platform is up; seed " + options.seed());
    SoakApp site = app(GitApp.sample(platform, "static-site"), "index.html", false);
    SoakApp c = app(GitApp.sample(platform, "dockerfile-c"), "server.c", false);
    SoakApp express = app(GitApp.sample(platform, "node-express"), "server.js", false);
    SoakApp node =
        app(GitApp.copied(platform, "acceptance/src/test/apps/soak", "soak"), "server.js", true);
    List<SoakApp> apps = List.of(site, c, express, node);
    Footprint before = settled(apps);
    Tally tally = new Tally(chronicle);
    List<Load.Client> clients =
        List.of(
            new Load.Client(site, Load.Kind.PAGE),
            new Load.Client(site, Load.Kind.PAGE),
            new Load.Client(c, Load.Kind.PAGE),
            new Load.Client(express, Load.Kind.PAGE),
            new Load.Client(node, Load.Kind.PAGE),
            new Load.Client(node, Load.Kind.ECHO),
            new Load.Client(node, Load.Kind.SLOW),
            new Load.Client(node, Load.Kind.SLOW),
            new Load.Client(node, Load.Kind.PARTS));
    int port = Integer.parseInt(platform.variable("PAAS_HTTP_PORT"));
    chronicle.say("load for %d s".formatted(options.seconds()));
    Changes changes;
    Kills kills;
    CountDownLatch never = new CountDownLatch(1);
    long killing = (long) (options.seconds() * KILLING);
    Load load = new Load(port, platform.variable("PAAS_DOMAIN"), tally, clients, options.seed());
    try {
      try (Changes changing = new Changes(chronicle, apps, options.seed() + 100)) {
        changes = changing;
        try (Kills killer = new Kills(chronicle, platform, site, options.seed() + 200)) {
          kills = killer;
          never.await(killing, TimeUnit.SECONDS);
        }
        chronicle.say("no more kills");
        never.await(options.seconds() - killing, TimeUnit.SECONDS);
      }
      chronicle.say("no more changes");
      check(apps);
    } finally {
      load.close();
    }
    chronicle.say("no more requests");
    settled(apps);
    expect("nothing more is held than before", () -> Footprint.of(platform).fits(before));
    Footprint after = Footprint.of(platform);
    aftermath();
    return new Report(options, tally, changes, kills, before, after, findings);
  }

  private SoakApp app(GitApp git, String file, boolean greets) {
    SoakApp app = new SoakApp(platform, git, file, greets);
    app.firstPush().command().succeed();
    app.remember();
    chronicle.say(app.name() + " serves");
    return app;
  }

  /** Every app answers what was acknowledged last, with as many instances. */
  private void check(List<SoakApp> apps) {
    for (SoakApp app : apps) {
      String answer = app.answer();
      if (!answer.contains(app.text())) {
        findings.add(app.name() + " answers '" + answer.strip() + "' and not " + app.text());
      }
      expect(
          app.name() + " runs " + app.instances() + " instances",
          () -> app.git().pids().size() == app.instances());
    }
  }

  private void expect(String what, java.util.concurrent.Callable<Boolean> holds) {
    try {
      Awaitility.await(what)
          .atMost(SETTLED_WITHIN)
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .until(holds);
    } catch (ConditionTimeoutException never) {
      findings.add("not within " + SETTLED_WITHIN.toSeconds() + " s: " + what);
    }
  }

  /** What is held with one instance of each app. */
  private Footprint settled(List<SoakApp> apps) {
    for (SoakApp app : apps) {
      app.scale(1).command().succeed();
      expect(app.name() + " runs one instance", () -> app.git().pids().size() == 1);
    }
    return Footprint.of(platform);
  }

  private void aftermath() {
    try {
      Aftermath.isClean(platform);
    } catch (RuntimeException | AssertionError failed) {
      findings.add("afterwards: " + failed);
    }
  }
}
