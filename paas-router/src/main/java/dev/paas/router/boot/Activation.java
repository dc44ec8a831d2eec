package dev.paas.router.boot;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The listening socket that a supervisor holds for the router (sd_listen_fds(3)): connections wait
 * in it while the router is not there, instead of being refused.
 */
final class Activation {

  /** The first descriptor after standard error. */
  private static final int FIRST = 3;

  private Activation() {}

  /** The socket's descriptor, when one was handed to this very process. */
  static OptionalInt descriptor(Map<String, String> environment, long pid) {
    boolean mine = Long.toString(pid).equals(environment.get("LISTEN_PID"));
    return mine && "1".equals(environment.get("LISTEN_FDS"))
        ? OptionalInt.of(FIRST)
        : OptionalInt.empty();
  }

  /**
   * The socket was made with an older router.http when the settings were changed since.
   *
   * @throws dev.paas.base.problem.PaasException {@code router.other-socket}
   */
  static void check(InetSocketAddress wanted, InetSocketAddress held) {
    if (!wanted.equals(held)) {
      throw Problem.of(
              Kind.INVALID,
              "router.other-socket",
              "systemd holds a socket at another address than router.http: "
                  + held.getHostString()
                  + ":"
                  + held.getPort(),
              wanted.getHostString() + ":" + wanted.getPort(),
              "Run bin/install again (on the host: /opt/paas/current/bin/install): it replaces"
                  + " the socket's unit.")
          .asException();
    }
  }
}
