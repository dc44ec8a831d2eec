package dev.paas.runtime.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Processes of the host by their program and their parents (proc(5)). */
public final class ProcessTree {

  private static final Path PROC = Path.of("/proc");
  private static final int PARENT = 1;
  private static final int SIGSTOP = 19;

  /** A process that is not gone after so many looks can't be killed now, and dies when it can. */
  private static final int LOOKS = 40;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private ProcessTree() {}

  /**
   * Processes that execute a program of this host with a given word on their command line.
   *
   * @param program a path as this daemon sees it; no process in a container can execute that file
   */
  public static List<ProcessIdentity> running(Path program, String word) throws IOException {
    Path real = program.toRealPath();
    List<ProcessIdentity> found = new ArrayList<>();
    for (int pid : pids()) {
      if (executes(pid, real) && hasWord(pid, word)) {
        ProcessIdentity.of(pid).ifPresent(found::add);
      }
    }
    return found;
  }

  private static boolean executes(int pid, Path program) {
    try {
      return Files.isSameFile(PROC.resolve(pid + "/exe"), program);
    } catch (IOException goneOrOfTheKernel) {
      return false;
    }
  }

  private static boolean hasWord(int pid, String word) {
    try {
      return Files.readString(PROC.resolve(pid + "/cmdline"), ISO_8859_1)
          .contains("\0" + word + "\0");
    } catch (IOException gone) {
      return false;
    }
  }

  /** The parent of a process; nothing when it is gone. */
  public static OptionalInt parent(int pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return OptionalInt.of(Integer.parseInt(fields[PARENT]));
    } catch (IOException gone) {
      return OptionalInt.empty();
    }
  }

  /**
   * Kills a process that takes in the orphans among its descendants, and all of these. It is
   * stopped before that and makes no more; each of them stays below it until it is dead.
   */
  public static void kill(ProcessIdentity root) throws IOException {
    if (!Signals.send(root, SIGSTOP)) {
      return;
    }
    List<ProcessIdentity> below = below(root.pid());
    for (int look = 0; look < LOOKS && !below.isEmpty(); look++) {
      for (ProcessIdentity each : below) {
        Signals.send(each, Signals.SIGKILL);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      below = below(root.pid());
    }
    Signals.send(root, Signals.SIGKILL);
  }

  /** All that live below a process. */
  private static List<ProcessIdentity> below(int root) throws IOException {
    Map<Integer, List<Integer>> children = new HashMap<>();
    for (int pid : pids()) {
      parent(pid).ifPresent(of -> children.computeIfAbsent(of, none -> new ArrayList<>()).add(pid));
    }
    List<ProcessIdentity> alive = new ArrayList<>();
    Deque<Integer> parents = new ArrayDeque<>(List.of(root));
    while (!parents.isEmpty()) {
      // Each is taken once: numbers may be used again while this is read.
      List<Integer> of = children.remove(parents.remove());
      for (int child : of == null ? List.<Integer>of() : of) {
        parents.add(child);
        ProcessIdentity.of(child).ifPresent(alive::add);
      }
    }
    return alive;
  }

  private static List<Integer> pids() throws IOException {
    List<Integer> pids = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        pids.add(Integer.parseInt(String.valueOf(entry.getFileName())));
      }
    }
    return pids;
  }
}
