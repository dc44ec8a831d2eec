package dev.paas.acceptance.soak;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a platform holds of the host: exact counts of what it names, and what its daemons use. */
record Footprint(Map<String, Long> things, Map<String, Long> descriptors, Map<String, Long> pss) {
  private static final List<String> DAEMONS = List.of("paasd", "paas-runtimed", "paas-routerd");

  /** Connections come and go; a leak under load is larger than this. */
  private static final long DESCRIPTORS_MORE = 64;

  /** Heap and compiled code that a daemon may have gained by working, in KiB. */
  private static final long PSS_MORE = 120 << 10;

  static Footprint of(Platform platform) {
    String id = platform.variable("PAAS_ID");
    Map<String, Long> things = new TreeMap<>();
    Map<String, Long> descriptors = new TreeMap<>();
    Map<String, Long> pss = new TreeMap<>();
    Path runtime = Path.of("/proc", Long.toString(platform.pid("paas-runtimed")));
    things.put(
        "mounts", lines(runtime.resolve("mountinfo"), platform.folder().toString() + "/").count());
    things.put(
        "cgroups",
        matching("find", "/sys/fs/cgroup", "-type", "d", "-path", "*/paas-" + id + "/*"));
    things.put("links", matching("sh", "-c", "ip -br link | grep '^v" + id + "-' || true"));
    things.put(
        "bundles",
        matching(
            "find", platform.folder() + "/run", "-mindepth", "1", "-maxdepth", "4", "-type", "d"));
    things.put(
        "monitors",
        matching("sh", "-c", "pgrep -f '^[^ ]*conmon .*" + platform.folder() + "/' || true"));
    for (String daemon : DAEMONS) {
      Path process = Path.of("/proc", Long.toString(platform.pid(daemon)));
      try (Stream<Path> open = Files.list(process.resolve("fd"))) {
        descriptors.put(daemon, open.count());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      pss.put(daemon, kib(process));
    }
    return new Footprint(things, descriptors, pss);
  }

  private static long kib(Path process) {
    String line = lines(process.resolve("smaps_rollup"), "Pss:").findFirst().orElse("0");
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  private static Stream<String> lines(Path file, String with) {
    try {
      return Files.readAllLines(file).stream().filter(line -> line.contains(with));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long matching(String... argv) {
    return Command.of(argv).run().out().lines().count();
  }

  /** Whether the host has nothing more than before; how much a daemon may grow is bounded. */
  boolean fits(Footprint before) {
    return things.equals(before.things)
        && noMore(descriptors, before.descriptors, DESCRIPTORS_MORE)
        && noMore(pss, before.pss, PSS_MORE);
  }

  private static boolean noMore(Map<String, Long> now, Map<String, Long> before, long margin) {
    return now.entrySet().stream()
        .allMatch(e -> e.getValue() <= before.getOrDefault(e.getKey(), 0L) + margin);
  }
}
