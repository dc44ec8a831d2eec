package dev.paas.runtime.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;

/**
 * A user of the host as the settings name it: by name, or by a number that needs no account.
 *
 * @param gid of a number: the same number
 */
record HostUser(int uid, int gid) {

  static HostUser of(String named) throws IOException {
    if (named.matches("\\d{1,9}|[1-3]\\d{9}")) {
      int id = Integer.parseUnsignedInt(named);
      return new HostUser(id, id);
    }
    return new HostUser(ask("-u", named), ask("-g", named));
  }

  private static int ask(String what, String name) throws IOException {
    Process id = new ProcessBuilder("id", what, "--", name).start();
    String answer = new String(id.getInputStream().readAllBytes(), UTF_8).strip();
    if (!answer.matches("\\d+")) {
      throw Problem.of(
              Kind.INVALID,
              "settings.unknown-user",
              "This host has no such user",
              name,
              "Create it, or set platform.control-user to another name or a number.")
          .asException();
    }
    return Integer.parseUnsignedInt(answer);
  }
}
