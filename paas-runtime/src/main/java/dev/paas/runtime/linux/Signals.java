package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signals to processes that this process did not start (pidfd_open(2), pidfd_send_signal(2)). */
public final class Signals {

  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;

  /** The highest number that a signal has. */
  public static final int LAST = 64;

  /** By number from 1, as x86-64 and arm64 have them; without the {@code SIG} in front. */
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  /** {@code RTMIN+3} and {@code RTMAX-2}, as C libraries number them. */
  private static final Pattern REAL_TIME = Pattern.compile("RT(MIN|MAX)(?:([+-])([0-9]{1,2}))?");

  private static final int RTMIN = 34;

  private Signals() {}

  /**
   * The number of the signal that an image asks for; SIGTERM for none and for one that is not
   * known.
   */
  public static int stop(String wanted) {
    if (wanted.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
      return Integer.parseInt(wanted);
    }
    String upper = wanted.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    Matcher realTime = REAL_TIME.matcher(name);
    if (realTime.matches()) {
      int offset = realTime.group(3) == null ? 0 : Integer.parseInt(realTime.group(3));
      int base = realTime.group(1).equals("MIN") ? RTMIN : LAST;
      int number = "-".equals(realTime.group(2)) ? base - offset : base + offset;
      return number >= RTMIN && number <= LAST ? number : SIGTERM;
    }
    int known = NAMES.indexOf(name) + 1;
    return known > 0 ? known : SIGTERM;
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
