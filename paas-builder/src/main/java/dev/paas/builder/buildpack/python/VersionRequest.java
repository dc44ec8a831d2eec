package dev.paas.builder.buildpack.python;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of Python that an app asks for.
 *
 * @param file where it does
 * @param text as it is written, e.g. {@code 3.11}, {@code >=3.9,<4} or {@code ^3.10}
 */
record VersionRequest(String file, String text) {

  private static final Pattern COMPARATOR =
      Pattern.compile("(\\^|~=|~|===|==|!=|>=|<=|>|<)?\\s*(\\d{1,6}(?:\\.(?:\\d{1,6}|\\*)){0,3})");

  /** Longer than any that people write, in characters; bounds the matching. */
  private static final int MAX_LENGTH = 200;

  /** How an installed version answers. */
  enum Answer {
    FITS,
    /** The same minor version with another patch level, which behaves the same. */
    OTHER_PATCH,
    DIFFERS,
    NOT_UNDERSTOOD
  }

  /** The first that says something; what says more exactly what is used in production first. */
  static Optional<VersionRequest> of(
      SourceTree tree, Manifest project, Manifest pipfile, PlatformSettings.Planning limits)
      throws IOException {
    String pinned = firstLine(tree, ".python-version", limits);
    String runtime = firstLine(tree, "runtime.txt", limits);
    String full = pipfile.text("requires", "python_full_version");
    return given(".python-version", pinned)
        .or(() -> given("runtime.txt", runtime))
        .or(() -> given("Pipfile", full))
        .or(() -> given("Pipfile", pipfile.text("requires", "python_version")))
        .or(() -> given("pyproject.toml", project.text("project", "requires-python")))
        .or(
            () ->
                given("pyproject.toml", project.text("tool", "poetry", "dependencies", "python")));
  }

  private static Optional<VersionRequest> given(String file, String text) {
    return text.isEmpty() || text.equals("*")
        ? Optional.empty()
        : Optional.of(new VersionRequest(file, text));
  }

  private static String firstLine(SourceTree tree, String path, PlatformSettings.Planning limits)
      throws IOException {
    return SourceFiles.text(tree, path, limits)
        .orElse("")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .findFirst()
        .orElse("");
  }

  /** Whether the installed version, e.g. {@code 3.11.2}, is one that is asked for. */
  Answer answeredBy(String installed) {
    String wanted = text.startsWith("python-") ? text.substring("python-".length()) : text;
    if (wanted.length() > MAX_LENGTH) {
      return Answer.NOT_UNDERSTOOD;
    }
    int[] version = numbers(installed);
    boolean any = false;
    for (String alternative : wanted.split("\\|\\|?", -1)) {
      Answer answer = all(alternative, version);
      if (answer == Answer.NOT_UNDERSTOOD || answer == Answer.OTHER_PATCH) {
        return answer;
      }
      any |= answer == Answer.FITS;
    }
    return any ? Answer.FITS : Answer.DIFFERS;
  }

  private static Answer all(String comparators, int[] version) {
    boolean fits = true;
    boolean exact = false;
    boolean sameMinor = true;
    for (String part : comparators.split(",", -1)) {
      Matcher one = COMPARATOR.matcher(part.strip());
      if (!one.matches()) {
        return Answer.NOT_UNDERSTOOD;
      }
      String operator = one.group(1) == null ? "==" : one.group(1);
      String number = one.group(2);
      if (operator.equals("==") || operator.equals("===")) {
        exact = true;
        sameMinor &= isPrefix(Arrays.copyOf(numbers(number), Math.min(2, parts(number))), version);
      }
      fits &= holds(operator, number, version);
    }
    return fits ? Answer.FITS : exact && sameMinor ? Answer.OTHER_PATCH : Answer.DIFFERS;
  }

  private static boolean holds(String operator, String number, int[] version) {
    int[] bound = numbers(number);
    boolean prefix = isPrefix(bound, version);
    boolean atLeast = prefix || Arrays.compare(version, bound) >= 0;
    return switch (operator) {
      case ">=" -> atLeast;
      case ">" -> atLeast && !prefix;
      case "<" -> !atLeast;
      case "<=" -> prefix || !atLeast;
      case "!=" -> !prefix;
      case "^" -> atLeast && version[0] == bound[0];
      case "~" -> atLeast && isPrefix(Arrays.copyOf(bound, Math.min(2, bound.length)), version);
      case "~=" ->
          atLeast && isPrefix(Arrays.copyOf(bound, Math.max(1, bound.length - 1)), version);
      default -> prefix;
    };
  }

  private static boolean isPrefix(int[] prefix, int[] version) {
    return prefix.length <= version.length
        && Arrays.equals(prefix, Arrays.copyOf(version, prefix.length));
  }

  private static int parts(String number) {
    return numbers(number).length;
  }

  /** The numbers before a star. */
  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\."))
        .takeWhile(part -> part.matches("\\d{1,6}"))
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
