package dev.paas.runtime.solve.copy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileHandle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Owner and group in numbers of the root filesystem. */
public record Owner(int uid, int gid) {

  public static final Owner ROOT = new Owner(0, 0);

  /** The longest passwd or group file that is read, in bytes. */
  private static final int MAX_FILE = 1 << 20;

  /** Fields of a line of passwd (passwd(5)); those that count are among the first four. */
  private static final int MAX_FIELDS = 7;

  /** Ids of one app's range. */
  private static final int MAX_ID = 65_535;

  /**
   * Looks {@code user[:group]} up, each a name or a number, in the root filesystem's own files. A
   * number alone is user and group. As in BuildKit, a user of an unknown name is root, and a group
   * of an unknown name is the user's own: images without a passwd file are built like this.
   *
   * @throws PaasException {@code build.unknown-owner} for an id that no app has
   */
  public static Owner parse(String text, Directory root) throws IOException {
    String[] parts = text.split(":", 2);
    Owner user = user(text, parts[0], root);
    if (parts.length == 1) {
      return user;
    }
    if (isNumber(parts[1])) {
      return new Owner(user.uid(), number(parts[1], text));
    }
    Optional<List<String>> group = entry(root, "etc/group", parts[1], 3);
    return new Owner(user.uid(), group.map(g -> number(g.get(2), text)).orElse(user.gid()));
  }

  private static Owner user(String text, String name, Directory root) throws IOException {
    if (isNumber(name)) {
      return new Owner(number(name, text), number(name, text));
    }
    return entry(root, "etc/passwd", name, 4)
        .map(fields -> new Owner(number(fields.get(2), text), number(fields.get(3), text)))
        .orElse(ROOT);
  }

  private static Optional<List<String>> entry(Directory root, String file, String name, int fields)
      throws IOException {
    // Line by line: untrusted code chose how many there are, and how many fields they have.
    return read(root, file)
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> List.of(line.split(":", MAX_FIELDS)))
        .filter(values -> values.size() >= fields)
        .findFirst();
  }

  private static String read(Directory root, String file) throws IOException {
    try (FileHandle handle = root.readInRoot(file)) {
      byte[] content = handle.stream().readNBytes(MAX_FILE);
      return new String(content, StandardCharsets.UTF_8);
    } catch (FileCallException e) {
      if (e.is(FileCallException.ENOENT, FileCallException.ENOTDIR, FileCallException.ELOOP)) {
        return "";
      }
      throw e;
    }
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d{1,18}");
  }

  private static int number(String text, String whole) {
    if (!isNumber(text) || Long.parseLong(text) > MAX_ID) {
      throw unknown(whole);
    }
    return Integer.parseInt(text);
  }

  private static PaasException unknown(String text) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.unknown-owner",
            "Ids of users and groups end at " + MAX_ID,
            text,
            "Choose a smaller one, here or in the image's /etc/passwd and /etc/group.")
        .asException();
  }
}
