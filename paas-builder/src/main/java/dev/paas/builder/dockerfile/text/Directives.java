package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parser directives at the top of a Dockerfile (Docker's reference, "Parser directives"): they
 * end at the first line that is none.
 */
public final class Directives {

  /** Whoever has begun with it has read the whole line: its value is what follows, stripped. */
  private static final Pattern DIRECTIVE =
      Pattern.compile("#[ \\t]*([a-zA-Z][a-zA-Z0-9]*)[ \\t]*=[ \\t]*");

  /** The front end whose language this is, in any version and channel, from any mirror. */
  private static final Pattern OWN_SYNTAX =
      Pattern.compile("docker/dockerfile(-upstream)?([:@].*)?");

  private static final String ALL = "all";

  private final Source source;
  private char escape = '\\';
  private int end;
  private final Set<String> skipped = new HashSet<>();
  private final Set<String> experimental = new HashSet<>();
  private boolean warningsAreMistakes;

  private Directives(Source source) {
    this.source = source;
  }

  static Directives of(Source source, Mistakes mistakes) {
    Directives directives = new Directives(source);
    directives.read(mistakes);
    return directives;
  }

  private void read(Mistakes mistakes) {
    Set<String> seen = new HashSet<>();
    String text = source.text();
    while (end < text.length()) {
      int newline = text.indexOf('\n', end);
      String line = text.substring(end, newline < 0 ? text.length() : newline).strip();
      Matcher directive = DIRECTIVE.matcher(line);
      if (!directive.lookingAt() || directive.end() == line.length()) {
        break;
      }
      String name = directive.group(1).toLowerCase(Locale.ROOT);
      try {
        refuseSecond(name, line, seen);
        take(name, line.substring(directive.end()));
      } catch (PaasException mistake) {
        mistakes.add(mistake, end);
      }
      end = newline < 0 ? text.length() : newline + 1;
    }
  }

  private void refuseSecond(String name, String line, Set<String> seen) {
    if (List.of("syntax", "escape", "check").contains(name) && !seen.add(name)) {
      throw source.problem(
          Kind.INVALID,
          "dockerfile.duplicate-directive",
          end,
          "The directive " + name + " is given twice",
          line,
          "Keep one of them.");
    }
  }

  private void take(String name, String value) {
    switch (name) {
      case "escape" -> escape = escape(value);
      case "check" -> {
        for (String option : value.split(";")) {
          check(option.strip(), value);
        }
      }
      case "syntax" -> {
        if (!isOwn(value)) {
          throw source.problem(
              Kind.INVALID,
              "dockerfile.foreign-syntax",
              end,
              "This file asks for a front end of its own, and none is run here",
              value,
              "Remove the line if the file is an ordinary Dockerfile.");
        }
      }
      default -> {} // any other is a comment
    }
  }

  private static boolean isOwn(String value) {
    int at = Math.max(0, value.indexOf("docker/dockerfile"));
    return (at == 0 || value.charAt(at - 1) == '/')
        && OWN_SYNTAX.matcher(value.substring(at)).matches();
  }

  private char escape(String value) {
    if (!value.equals("\\") && !value.equals("`")) {
      throw source.problem(
          Kind.INVALID,
          "dockerfile.bad-escape",
          end,
          "The escape character can be a backslash or a backtick only",
          value,
          "Write # escape=` or remove the line.");
    }
    return value.charAt(0);
  }

  private void check(String option, String value) {
    int equals = option.indexOf('=');
    String key = equals < 0 ? option : option.substring(0, equals).strip();
    String given = equals < 0 ? "" : option.substring(equals + 1).strip();
    switch (key) {
      case "skip" -> names(given, skipped);
      case "experimental" -> names(given, experimental);
      case "error" -> {
        if (!given.equals("true") && !given.equals("false")) {
          throw badCheck(value);
        }
        warningsAreMistakes = given.equals("true");
      }
      default -> throw badCheck(value);
    }
  }

  private static void names(String list, Set<String> into) {
    for (String name : list.split(",")) {
      into.add(name.strip().toLowerCase(Locale.ROOT));
    }
  }

  private PaasException badCheck(String value) {
    return source.problem(
        Kind.INVALID,
        "dockerfile.bad-check",
        end,
        "The checks can't be set like this",
        value,
        "Write e.g. # check=skip=JSONArgsRecommended;error=true.");
  }

  public char escape() {
    return escape;
  }

  /** The offset behind them. */
  public int end() {
    return end;
  }

  /** Whether a check reports what it finds; an experimental one does only when it is asked to. */
  public boolean reports(String check, boolean isExperimental) {
    return !isIn(skipped, check) && (!isExperimental || isIn(experimental, check));
  }

  private static boolean isIn(Set<String> names, String check) {
    return names.contains(ALL) || names.contains(check.toLowerCase(Locale.ROOT));
  }

  /** {@code check=error=true}: what is reported ends the build. */
  public boolean warningsAreMistakes() {
    return warningsAreMistakes;
  }
}
