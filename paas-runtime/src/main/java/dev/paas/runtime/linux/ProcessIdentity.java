package dev.paas.runtime.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that can't be taken for another: numbers are used again, a number with its start time
 * is not (proc_pid_stat(5)).
 *
 * @param startTicks clock ticks between boot and the process's start
 */
public record ProcessIdentity(int pid, long startTicks) {

  private static final int STATE = 0;
  private static final int START_TIME = 19;

  /** The process that has this number now, unless it is dead. */
  public static Optional<ProcessIdentity> of(int pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
      // The second field is a name in parentheses that may hold anything, parentheses too.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
      return dead
          ? Optional.empty()
          : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_TIME])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /**
   * Whether a container's process has come to the init of the platform, which blocks every signal
   * until it takes it. Before that, the kernel drops a signal that the first process of a namespace
   * does not handle.
   */
  public boolean takesSignals() {
    String name = "";
    boolean waits = false;
    long blocked = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status"))) {
        if (line.startsWith("Name:")) {
          name = line.substring("Name:".length()).strip();
        } else if (line.startsWith("State:")) {
          // The kernel does not show what is blocked to a process that waits for just that.
          waits = line.contains("S (sleeping)");
        } else if (line.startsWith("SigBlk:")) {
          blocked = Long.parseUnsignedLong(line.substring("SigBlk:".length()).strip(), 16);
        }
      }
    } catch (IOException gone) {
      return false;
    }
    boolean blocks = (blocked & 1L << (Signals.SIGTERM - 1)) != 0;
    return name.equals("init") && (waits || blocks) && isAlive();
  }

  public boolean isAlive() {
    return of(pid).equals(Optional.of(this));
  }
}
