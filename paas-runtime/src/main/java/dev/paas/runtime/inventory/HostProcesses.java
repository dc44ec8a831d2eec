package dev.paas.runtime.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of this host that run for a platform's containers: those with one of its user ids,
 * and the monitors that write into its folder. A network namespace lasts as long as one of them.
 */
final class HostProcesses {

  private static final Logger LOG = LoggerFactory.getLogger(HostProcesses.class);

  private static final Path PROC = Path.of("/proc");

  /** The group of any platform's container. */
  private static final Pattern PLATFORM = Pattern.compile("/paas-[a-z0-9]+/");

  private static final Pattern UID = Pattern.compile("^Uid:\\s+(\\d+)", Pattern.MULTILINE);

  /** A line of a status. */
  private static final String OWN_CHILD = "\nPPid:\t" + ProcessHandle.current().pid() + "\n";

  private final long firstUid;
  private final long endUid;
  private final String exits;
  private final Pattern group;

  /**
   * @param container its name; empty when it is in no group of the platform
   */
  record Found(int pid, String what, String container) {}

  /**
   * @param exits the folder that the monitors write exit codes to
   */
  HostProcesses(PlatformSettings settings, Path exits) {
    this.firstUid = settings.runtime().uidBase();
    this.endUid = firstUid + (long) settings.runtime().uidRanges() * UidRange.SIZE;
    this.exits = exits.toString();
    this.group =
        Pattern.compile("/paas-" + settings.platform().id() + "/([^/\n]+)", Pattern.MULTILINE);
  }

  List<Found> all() throws IOException {
    List<Found> all = new ArrayList<>();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : numbers) {
        look(process, all);
      }
    }
    return all;
  }

  private void look(Path process, List<Found> into) {
    try {
      find(process).ifPresent(into::add);
    } catch (IOException gone) {
      LOG.atTrace().addKeyValue("process", process).log("ended meanwhile");
    }
  }

  private Optional<Found> find(Path process) throws IOException {
    String status = Files.readString(process.resolve("status"));
    int pid = Integer.parseInt(String.valueOf(process.getFileName()));
    if (status.contains("\nState:\tZ")) {
      return Optional.empty();
    }
    Matcher uid = UID.matcher(status);
    if (!uid.find()) {
      return Optional.empty();
    }
    // Any program may call itself so; only root's are the platform's.
    if (status.startsWith("Name:\tconmon\n") && uid.group(1).equals("0")) {
      return monitored(process)
          .map(container -> new Found(pid, "monitor " + pid + " of " + container, container));
    }
    if (!isOurs(Long.parseLong(uid.group(1)))) {
      return Optional.empty();
    }
    String groups = Files.readString(process.resolve("cgroup"));
    Matcher container = group.matcher(groups);
    if (!container.find() && PLATFORM.matcher(groups).find()) {
      return Optional.empty(); // another platform's, which has the same range of ids
    }
    container.reset();
    String name = container.find() ? container.group(1) : "";
    if (name.isEmpty() && status.contains(OWN_CHILD)) {
      return Optional.empty(); // makes a user namespace for an app, and ends with that
    }
    return Optional.of(
        new Found(pid, "process " + pid + (name.isEmpty() ? "" : " of " + name), name));
  }

  /** The container that a monitor of this platform watches. */
  private Optional<String> monitored(Path process) throws IOException {
    List<String> argv =
        List.of(new String(Files.readAllBytes(process.resolve("cmdline")), UTF_8).split("\0"));
    int named = argv.indexOf("-c") + 1;
    return argv.contains(exits) && named > 0 && named < argv.size()
        ? Optional.of(argv.get(named))
        : Optional.empty();
  }

  /** The containers whose monitor is there. */
  Set<String> monitored() throws IOException {
    return all().stream()
        .filter(found -> found.what().startsWith("monitor "))
        .map(Found::container)
        .collect(Collectors.toSet());
  }

  private boolean isOurs(long uid) {
    return uid >= firstUid && uid < endUid;
  }
}
