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
   * number alone is user and group, as Docker has it.
   */
  public static Owner parse(String text, Directory root) throws IOException {
    String[] parts = text.split(":", 2);
    Optional<List<String>> account = entry(root, "etc/passwd", parts[0], 4);
    int uid = account.map(a -> number(a.get(2), text)).orElseGet(() -> number(parts[0], text));
    if (parts.length == 1) {
      int gid =
          account.isPresent() && !isNumber(parts[0]) ? number(account.get().get(3), text) : uid;
      return new Owner(uid, gid);
    }
    int gid =
        entry(root, "etc/group", parts[1], 3)
            .map(g -> number(g.get(2), text))
            .orElseGet(() -> number(parts[1], text));
    return new Owner(uid, gid);
  }

  private static Optional<List<String>> entry(Directory root, String file, String name, int fields)
      throws IOException {
    if (isNumber(name)) {
      return Optional.empty();
    }
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
    return text.matches("\\d{1,9}");
  }

  private static int number(String text, String whole) {
    if (!isNumber(text) || Integer.parseInt(text) > MAX_ID) {
      throw unknown(whole);
    }
    return Integer.parseInt(text);
  }

  private static PaasException unknown(String text) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.unknown-owner",
            "The image has no such user or group",
            text,
            "Name one from the image's /etc/passwd and /etc/group, or a number below 65536.")
        .asException();
  }
}
