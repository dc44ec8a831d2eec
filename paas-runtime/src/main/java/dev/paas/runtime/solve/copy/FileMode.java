package dev.paas.runtime.solve.copy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a copy makes of the modes of files and directories: nothing, one mode for all, or what
 * chmod(1) would make of each.
 */
public final class FileMode {

  /** As they are. */
  public static final FileMode KEPT = new FileMode("", List.of());

  private static final Pattern OCTAL = Pattern.compile("0?[0-7]{1,4}");
  private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)([-+=])([ugo]|[rwxXst]*)");
  private static final int ALL = 07777;
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;
  private static final int STICKY = 01000;
  private static final int ANY_EXECUTE = 0111;

  private final String written;
  private final List<Change> changes;

  /**
   * @param who bits that may be changed
   * @param operator {@code -}, {@code +} or {@code =}
   * @param what letters of permissions, or one class whose permissions are taken
   */
  private record Change(int who, char operator, String what) {}

  private FileMode(String written, List<Change> changes) {
    this.written = written;
    this.changes = changes;
  }

  /**
   * Reads an octal number or the symbolic form of chmod(1); empty: {@link #KEPT}.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.bad-mode}
   */
  public static FileMode parse(String written) {
    if (written.isEmpty()) {
      return KEPT;
    }
    if (OCTAL.matcher(written).matches()) {
      return new FileMode(written, List.of());
    }
    List<Change> changes = new ArrayList<>();
    for (String clause : written.split(",", -1)) {
      Matcher matcher = CLAUSE.matcher(clause);
      int at = 0;
      String who = "";
      // One clause may change the same classes several times: u=rw+X.
      while (matcher.find(at) && matcher.start() == at && matcher.end() > at) {
        who = at == 0 ? matcher.group(1) : who;
        if (at > 0 && !matcher.group(1).isEmpty()) {
          throw bad(written);
        }
        changes.add(new Change(bits(who), matcher.group(2).charAt(0), matcher.group(3)));
        at = matcher.end();
        if (at == clause.length()) {
          break;
        }
      }
      if (at != clause.length() || at == 0) {
        throw bad(written);
      }
    }
    return new FileMode(written, List.copyOf(changes));
  }

  private static PaasException bad(String written) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.bad-mode",
            "This is not a mode of files",
            written,
            "Write it as chmod takes it, e.g. 755 or u=rwX,go=rX.")
        .asException();
  }

  private static int bits(String who) {
    if (who.isEmpty() || who.indexOf('a') >= 0) {
      return ALL;
    }
    int bits = who.indexOf('u') >= 0 ? 0700 | SETUID : 0;
    bits |= who.indexOf('g') >= 0 ? 070 | SETGID : 0;
    return bits | (who.indexOf('o') >= 0 ? 07 | STICKY : 0);
  }

  /** Whether modes stay as they are. */
  public boolean isKept() {
    return written.isEmpty();
  }

  /** The mode of a copy. */
  public int of(int permissions, boolean directory) {
    if (written.isEmpty()) {
      return permissions;
    }
    if (changes.isEmpty()) {
      return Integer.parseInt(written, 8);
    }
    int mode = permissions;
    for (Change change : changes) {
      mode = changed(mode, change, directory);
    }
    return mode;
  }

  private static int changed(int mode, Change change, boolean directory) {
    int bits = named(mode, change.what(), directory) & change.who();
    return switch (change.operator()) {
      case '+' -> mode | bits;
      case '-' -> mode & ~bits;
      default -> (mode & ~change.who()) | bits;
    };
  }

  private static int named(int mode, String what, boolean directory) {
    return what.chars().map(letter -> bits(mode, letter, directory)).reduce(0, (a, b) -> a | b);
  }

  private static int bits(int mode, int letter, boolean directory) {
    return switch (letter) {
      case 'r' -> 0444;
      case 'w' -> 0222;
      case 'x' -> ANY_EXECUTE;
      case 'X' -> directory || (mode & ANY_EXECUTE) != 0 ? ANY_EXECUTE : 0;
      case 's' -> SETUID | SETGID;
      case 't' -> STICKY;
      case 'u' -> spread(mode >> 6);
      case 'g' -> spread(mode >> 3);
      default -> spread(mode);
    };
  }

  /** The three bits of one class, for each of the classes. */
  private static int spread(int triple) {
    int bits = triple & 07;
    return bits << 6 | bits << 3 | bits;
  }
}
