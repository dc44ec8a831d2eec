package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import java.io.IOException;
import java.util.Map;

/** Signals to processes that this process did not start (pidfd_open(2), pidfd_send_signal(2)). */
public final class Signals {

  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;

  /** The highest number that a signal has. */
  public static final int LAST = 64;

  /** As images name them; numbers of x86-64 and arm64. */
  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("SIGHUP", 1),
          Map.entry("SIGINT", 2),
          Map.entry("SIGQUIT", 3),
          Map.entry("SIGKILL", 9),
          Map.entry("SIGUSR1", 10),
          Map.entry("SIGUSR2", 12),
          Map.entry("SIGTERM", 15),
          Map.entry("SIGWINCH", 28));

  private Signals() {}

  /** The number of a signal that an image asks for; SIGTERM for one that is not known. */
  public static int number(String name) {
    if (name.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
      return Integer.parseInt(name);
    }
    return NUMBERS.getOrDefault(name.startsWith("SIG") ? name : "SIG" + name, SIGTERM);
  }

  /**
   * Sends a signal to a process if it still is the one that is meant; a process that is gone is a
   * success.
   *
   * @return whether the process was there
   */
  public static boolean send(ProcessIdentity process, int signal) throws IOException {
    int opened = CALLS.pidfd_open(process.pid(), 0);
    if (opened < 0) {
      return false;
    }
    // Opened first, compared second: the number can't be given away any more in between.
    try (Descriptor pidfd = new Descriptor(opened)) {
      if (!process.isAlive()) {
        return false;
      }
      try {
        checked("pidfd_send_signal", CALLS.pidfd_send_signal(pidfd.number(), signal, null, 0));
        return true;
      } catch (KernelException gone) {
        if (gone.errno() == KernelException.ESRCH) {
          return false;
        }
        throw gone;
      }
    }
  }
}
