package dev.paas.runtime.rootfs;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.RootedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who a process runs as, in numbers of its own user namespace.
 *
 * @param groups supplementary groups, the first one included
 * @param home of the account in the image; {@code /} when it has none
 */
public record Accounts(int uid, int gid, List<Integer> groups, String home) {

  /** The longest passwd or group file that is read, in bytes. */
  private static final int MAX_FILE = 1 << 20;

  /**
   * Looks {@code user[:group]} up, each a name or a number, in a root filesystem's own {@code
   * /etc/passwd} and {@code /etc/group}. An empty text is root.
   */
  public static Accounts in(Path root, String wanted) throws IOException {
    String[] parts = wanted.isEmpty() ? new String[] {"0"} : wanted.split(":", 2);
    List<String[]> users = table(root, "/etc/passwd", 6);
    List<String[]> groups = table(root, "/etc/group", 3);
    Optional<String[]> user = entry(users, parts[0], 2);
    int uid = user.map(u -> number(u[2], wanted)).orElseGet(() -> number(parts[0], wanted));
    int gid = user.map(u -> number(u[3], wanted)).orElse(0);
    TreeSet<Integer> all = new TreeSet<>();
    if (parts.length == 2) {
      gid =
          entry(groups, parts[1], 2)
              .map(g -> number(g[2], wanted))
              .orElseGet(() -> number(parts[1], wanted));
    } else if (user.isPresent()) {
      String name = user.get()[0];
      for (String[] group : groups) {
        if (group.length > 3 && List.of(group[3].split(",")).contains(name)) {
          all.add(number(group[2], wanted));
        }
      }
    }
    all.add(gid);
    String home = user.map(u -> u[5]).filter(h -> h.startsWith("/")).orElse("/");
    return new Accounts(uid, gid, List.copyOf(all), home);
  }

  private static Optional<String[]> entry(List<String[]> table, String wanted, int number) {
    return table.stream()
        .filter(line -> line[0].equals(wanted))
        .findFirst()
        .or(() -> table.stream().filter(line -> line[number].equals(wanted)).findFirst());
  }

  private static int number(String text, String wanted) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number < UidRange.SIZE) {
        return number;
      }
    } catch (NumberFormatException name) {
      throw unknown(wanted);
    }
    throw unknown(wanted);
  }

  private static PaasException unknown(String wanted) {
    return Problem.of(
            Kind.INVALID,
            "instance.unknown-user",
            "The image has no such user or group",
            wanted,
            "Name one from the image's /etc/passwd, or a number below 65536.")
        .asException();
  }

  private static List<String[]> table(Path root, String file, int last) throws IOException {
    return RootedFile.read(root, file, MAX_FILE)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("")
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > last - 1 && (last < 6 || fields.length >= 6))
        .toList();
  }
}
