package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the kernel counts for the whole host or for a user of it: one app takes all it can get of
 * each, as a thousand users and in ten instances, and holds it.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CountedThreatIT {

  private static final int INSTANCES = 10;
  private static final int ENETUNREACH = 101;
  private static final int ENOSYS = 38;

  /** {@code runtime.connections} and {@code runtime.ptys}. */
  private static final int CONNECTIONS = 4096;

  private static final int TERMINALS = 32;

  /** As many flows as {@code take many} wants. */
  private static final int FLOWS = 6000;

  /** What a program gets that takes few of each kind, when nobody is in its way. */
  private static final Map<String, String> FEW =
      Map.ofEntries(
          Map.entry("inotify", "20 0"),
          Map.entry("queues", "4 0"),
          Map.entry("signals", "200 0"),
          Map.entry("terminals", "8 0"),
          Map.entry("pipes", "20 0"),
          Map.entry("files", "100 0"),
          Map.entry("semaphores", "10 0"),
          Map.entry("flows", "50 0"),
          Map.entry("unread", "1 0"));

  private final Platform platform;
  private final GitApp hoarder;
  private final GitApp neighbour;

  CountedThreatIT(Platform platform) {
    this.platform = platform;
    this.hoarder = GitApp.ofTests(platform, "hoarder");
    this.neighbour = GitApp.ofTests(platform, "hoarder");
  }

  @AfterAll
  void clean() {
    hoarder.close();
    neighbour.close();
    Aftermath.isClean(platform);
  }

  /** T28 in docs/reliability.md. */
  @Test
  void anAppThatTakesAllThatTheKernelCountsLeavesTheirsToItsNeighboursAndToRoot()
      throws IOException {
    String pushed = hoarder.push().succeed().all().replace("remote:", "");
    isBounded(report(pushed));
    isBounded(report(hoarder.paas("run", "--", "perl", "/take", "many").succeed().out()));
    hoarder.paas("scale", "web=" + INSTANCES).succeed();
    Awaitility.await("all instances hold what they got")
        .atMost(Duration.ofMinutes(2))
        .until(() -> running() == INSTANCES);
    isBounded(report(hoarder.body("/")));

    assertThat(taken(Command.of("perl", take(), "few", "inotify", "queues", "signals")))
        .as("root of the host")
        .containsEntry("inotify", "20 0")
        .containsEntry("queues", "4 0")
        .containsEntry("signals", "200 0");
    assertThat(taken(Command.of("perl", take(), "few", "aio", "terminals", "unread", "flows")))
        .as("root of the host")
        .containsEntry("aio", "1 0")
        .containsEntry("terminals", "8 0")
        .containsEntry("unread", "1 0")
        .containsEntry("flows", "50 0");
    for (String address : hoarder.addresses()) {
      assertThat(connections(address)).as(address).isLessThanOrEqualTo(CONNECTIONS);
    }

    neighbour.write("Dockerfile", few());
    neighbour.commit("Take few");
    assertThat(report(neighbour.push().succeed().all().replace("remote:", "")))
        .as("a step of a neighbour's build")
        .containsAllEntriesOf(FEW);
    assertThat(report(neighbour.body("/"))).as("a neighbour").containsAllEntriesOf(FEW);
  }

  private long running() {
    String states = hoarder.paasJson("ps").path("instances").findValuesAsText("state").toString();
    return Pattern.compile("running").matcher(states).results().count();
  }

  private static String few() throws IOException {
    Path dockerfile =
        Platform.repository().resolve("acceptance/src/test/apps/hoarder").resolve("Dockerfile");
    return Files.readString(dockerfile).replace("many", "few");
  }

  private static String take() {
    return Platform.repository().resolve("acceptance/src/test/apps/hoarder/take").toString();
  }

  /** What took as much as it could was stopped, by a limit of its own. */
  private static void isBounded(Map<String, String> report) {
    assertThat(report).containsEntry("aio", "0 " + ENOSYS);
    assertThat(report).containsEntry("neighbours", "0 " + ENETUNREACH);
    assertThat(report.keySet()).containsAll(FEW.keySet());
    assertThat(number(report, "fanotify")).isZero();
    assertThat(number(report, "inotify")).isLessThan(5000);
    assertThat(number(report, "queues")).isLessThan(200);
    assertThat(number(report, "signals")).isLessThan(200_000);
    assertThat(number(report, "terminals")).isEqualTo(TERMINALS);
    assertThat(number(report, "files")).isLessThan(100_000);
    assertThat(number(report, "semaphores")).isLessThan(40_000);
    assertThat(number(report, "flows")).isEqualTo(FLOWS);
  }

  private static int number(Map<String, String> report, String kind) {
    return Integer.parseInt(report.getOrDefault(kind, "none 0").split(" ")[0]);
  }

  private static Map<String, String> taken(Command command) {
    return report(command.succeed().out());
  }

  /** Lines of a kind, how many of it there were, and the error that ended it. */
  private static Map<String, String> report(String lines) {
    Map<String, String> report = new LinkedHashMap<>();
    for (String line : lines.lines().toList()) {
      String[] words = line.strip().split(" ");
      if (words.length == 3 && words[1].matches("\\d+") && words[2].matches("\\d+")) {
        report.put(words[0], words[1] + " " + words[2]);
      }
    }
    return report;
  }

  /** Entries of the host's table that an address of an instance has made. */
  private static long connections(String address) throws IOException {
    Path table = Path.of("/proc/net/nf_conntrack");
    if (!Files.exists(table)) {
      return 0;
    }
    List<String> lines = Files.readAllLines(table);
    return lines.stream()
        .filter(line -> line.contains(" src=" + address + " dst=198.51.100.1 "))
        .count();
  }
}
