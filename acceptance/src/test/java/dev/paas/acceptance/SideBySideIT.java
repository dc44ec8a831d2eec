package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A second platform on the same host: no collision with the first, and nothing left when it goes.
 */
@ExtendWith(SharedPlatform.class)
final class SideBySideIT {
  private final Platform first;

  SideBySideIT(Platform first) {
    this.first = first;
  }

  @Test
  void secondPlatformServesBesideTheFirstAndLeavesNothing() {
    Footprint before;
    String id;
    try (GitApp mine = GitApp.probe(first)) {
      mine.push().succeed();
      try (Platform second = Platform.up()) {
        id = second.variable("PAAS_ID");
        before = Footprint.of(id, second.folder());
        GitApp theirs = GitApp.probe(second);
        theirs.push().succeed();
        theirs.paas("scale", "web=2").succeed();
        assertThat(theirs.body("/boot")).isNotEqualTo(mine.body("/boot"));
        assertThat(before.things()).as("it is there while it runs").isNotEmpty();
        second.down();
        assertThat(Footprint.of(id, second.folder()).things()).isEmpty();
        second.down();
      }
      assertThat(mine.body("/")).as("the first one is untouched").isEqualTo("version 1");
    }
  }

  @Test
  void downCleansUpWhenEveryDaemonWasKilled() {
    try (Platform second = Platform.up()) {
      String id = second.variable("PAAS_ID");
      GitApp theirs = GitApp.probe(second);
      theirs.push().succeed();
      for (String daemon : List.of("paasd", "paas-runtimed", "paas-routerd")) {
        Command.of("kill", "-KILL", Long.toString(second.pid(daemon))).succeed();
      }
      second.down();
      assertThat(Footprint.of(id, second.folder()).things()).isEmpty();
    }
  }

  /** What of a platform is on the host, found by its id, its folder and its users. */
  private record Footprint(List<String> things) {

    static Footprint of(String id, Path folder) {
      List<String> things = new ArrayList<>();
      lines("cat", "/proc/self/mountinfo")
          .filter(l -> l.contains(folder + "/"))
          .forEach(things::add);
      lines("ps", "-eo", "uid=,pid=,args=")
          .filter(l -> l.contains(folder + "/"))
          .filter(l -> !l.contains("bin/dev"))
          .forEach(things::add);
      int slot = Integer.parseInt(id.substring(1));
      if (!isTaken(slot, folder)) {
        ofSlot(id, slot).forEach(things::add);
      }
      if (Files.exists(folder)) {
        things.add(folder.toString());
      }
      return new Footprint(List.copyOf(things));
    }

    /** Whether a platform of another folder has the slot by now: a suite beside this one may. */
    private static boolean isTaken(int slot, Path folder) {
      Path owner = Path.of("/run/paas-dev/" + slot + "/dir");
      return Files.exists(owner)
          && lines("cat", owner.toString()).noneMatch(folder.toString()::equals);
    }

    private static Stream<String> ofSlot(String id, int slot) {
      long uids = 1_000_000_000L + slot * 16_777_216L;
      Path folder = Path.of("/run/paas-dev/" + slot);
      return Stream.of(
              lines("find", "/sys/fs/cgroup", "-maxdepth", "4", "-type", "d")
                  .filter(l -> l.endsWith("/paas-" + id)),
              lines("nft", "list", "tables").filter(l -> l.matches(".*[ _-]" + id + "$")),
              lines("ip", "route").filter(l -> inNetwork(l, slot)),
              lines("ps", "-eo", "uid=,pid=,args=").filter(l -> inRange(l, uids)),
              Stream.of(folder).filter(Files::exists).map(Path::toString))
          .flatMap(Function.identity());
    }

    private static boolean inNetwork(String route, int slot) {
      if (!route.startsWith("10.214.")) {
        return false;
      }
      int third = Integer.parseInt(route.split("[./ ]")[2]);
      return third / 4 == slot;
    }

    private static boolean inRange(String process, long first) {
      long uid = Long.parseLong(process.trim().split(" ")[0]);
      return uid >= first && uid < first + 16_777_216L;
    }

    private static Stream<String> lines(String... argv) {
      return Command.of(argv).run().out().lines();
    }
  }

  @Test
  void scriptsSayWhatTheyWant() throws IOException {
    assertThat(Command.of(Platform.bin("dev")).fail().err()).contains("usage:");
    Path used = Files.createDirectories(first.scratch().resolve("used"));
    Files.writeString(used.resolve("file"), "");
    assertThat(Command.of(Platform.bin("dev"), "up", used.toString()).fail().err())
        .contains("error:")
        .contains("fix:");
    assertThat(Command.of(Platform.bin("dev"), "down", used.toString()).succeed().exit()).isZero();
    assertThat(Files.exists(used.resolve("file"))).isTrue();
  }
}
