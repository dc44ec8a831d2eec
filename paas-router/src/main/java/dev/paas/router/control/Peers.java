package dev.paas.router.control;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Which users may send tables: the control plane's, root, and the router's own. */
public record Peers(Set<Integer> uids) {

  private static final int UID_FIELD = 2;

  public Peers {
    uids = Set.copyOf(uids);
  }

  /**
   * @param controlUser a name or a numeric uid
   * @throws dev.paas.base.problem.PaasException {@code router.unknown-user}
   */
  public static Peers of(String controlUser) {
    try {
      int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return new Peers(Set.copyOf(List.of(0, own, uid(controlUser))));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  boolean allowed(int uid) {
    return uids.contains(uid);
  }

  private static int uid(String user) throws IOException {
    if (user.matches("\\d{1,9}|1\\d{9}")) {
      return Integer.parseInt(user);
    }
    for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > UID_FIELD && fields[0].equals(user)) {
        return Integer.parseInt(fields[UID_FIELD]);
      }
    }
    throw Problem.of(
            Kind.INVALID,
            "router.unknown-user",
            "This host has no such user",
            user,
            "Create the user, or set platform.control-user to a name or number that exists.")
        .asException();
  }
}
