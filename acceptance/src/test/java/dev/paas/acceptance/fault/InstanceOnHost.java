package dev.paas.acceptance.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The first web instance of an app as somebody with the host's root sees it. */
final class InstanceOnHost {
  private final Platform platform;
  private final GitApp app;

  InstanceOnHost(Platform platform, GitApp app) {
    this.platform = platform;
    this.app = app;
  }

  /** What {@code paas ps} says about it: of several the one that was started last. */
  JsonNode seen() {
    JsonNode seen = app.paasJson("ps").path("instances").path(0);
    for (JsonNode each : app.paasJson("ps").path("instances")) {
      if (each.path("startedAt").asText().compareTo(seen.path("startedAt").asText()) > 0) {
        seen = each;
      }
    }
    return seen;
  }

  /** Waits until it is running and what is seen of it is as wanted. */
  JsonNode until(String what, Predicate<JsonNode> wanted) {
    AtomicReference<@Nullable JsonNode> last = new AtomicReference<>();
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(
            () -> {
              JsonNode now = seen();
              last.set(now);
              return now.path("state").asText().equals("running") && wanted.test(now);
            });
    return Objects.requireNonNull(last.get());
  }

  long pid() {
    return until("it runs", now -> true).path("pid").asLong();
  }

  int restarts() {
    return seen().path("restarts").asInt();
  }

  /** The name of its container and of all that belongs to it; it must run. */
  String container() {
    try {
      String groups = Files.readString(Path.of("/proc", Long.toString(pid()), "cgroup"));
      return groups.replaceAll("(?s).*/paas-" + platform.variable("PAAS_ID") + "/(\\S+).*", "$1");
    } catch (IOException gone) {
      throw new AssertionError("it has ended", gone);
    }
  }

  /** The process that watches it. */
  long monitor() {
    String parent = Command.of("ps", "-o", "ppid=", "-p", Long.toString(pid())).succeed().out();
    return Long.parseLong(parent.trim());
  }

  /** A file of the runtime's, which only its own mount namespace shows. */
  Path inRuntime(String... path) {
    Path file = platform.folder().resolve("run/instances");
    for (String step : path) {
      file = file.resolve(step);
    }
    return file;
  }

  /** A command in that namespace. */
  Command asRuntime(String... argv) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "nsenter", "--mount=" + platform.folder().resolve("run/runtime/namespace/mnt")));
    all.addAll(Arrays.asList(argv));
    return Command.of(all);
  }

  /** The name of the host's end of its link. */
  String link() {
    String address = seen().path("address").asText();
    String route = Command.of("ip", "route", "get", address).succeed().out();
    return route.replaceAll("(?s).* dev (\\S+) .*", "$1");
  }

  static boolean alive(long pid) {
    try {
      return !Files.readString(Path.of("/proc", Long.toString(pid), "stat")).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  static void kill(long pid) {
    Command.of("kill", "-KILL", Long.toString(pid)).succeed();
  }
}
