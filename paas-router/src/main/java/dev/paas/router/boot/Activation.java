package dev.paas.router.boot;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The listening sockets that a supervisor holds for the router (sd_listen_fds(3)): connections wait
 * in them while the router is not there, instead of being refused.
 */
final class Activation {

  /** The first descriptor after standard error. */
  private static final int FIRST = 3;

  private static final String COUNT = "[1-9]\\d{0,3}";

  private Activation() {}

  /** The sockets' descriptors, when any were handed to this very process. */
  static List<Integer> descriptors(Map<String, String> environment, long pid) {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    if (!Long.toString(pid).equals(environment.get("LISTEN_PID")) || !count.matches(COUNT)) {
      return List.of();
    }
    return IntStream.range(FIRST, FIRST + Integer.parseInt(count)).boxed().toList();
  }

  /**
   * The sockets were made with older settings when those were changed since. Their order does not
   * matter.
   *
   * @throws dev.paas.base.problem.PaasException {@code router.other-socket}
   */
  static void check(List<InetSocketAddress> wanted, List<InetSocketAddress> held) {
    if (!Set.copyOf(wanted).equals(Set.copyOf(held))) {
      throw Problem.of(
              Kind.INVALID,
              "router.other-socket",
              "systemd holds its sockets at other addresses than router.http and router.https: "
                  + Doors.text(held),
              Doors.text(wanted),
              "Run bin/install again (on the host: /opt/paas/current/bin/install): it updates the"
                  + " unit of the sockets.")
          .asException();
    }
  }
}
