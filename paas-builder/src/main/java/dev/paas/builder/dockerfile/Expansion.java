package dev.paas.builder.dockerfile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces variables and removes quotes in one word of an instruction, as Docker's reference
 * describes it ("Environment replacement"): {@code $x}, {@code ${x}}, {@code ${x:-word}} and its
 * kin with {@code - + ?}, {@code ${x#pattern}}, {@code ${x%pattern}}, {@code ${x/pattern/word}};
 * nothing inside single quotes; {@code \$} is a dollar.
 */
final class Expansion {

  /** Linux takes no longer string as an argument or variable (MAX_ARG_STRLEN), in characters. */
  static final int MAX_LENGTH = 128 << 10;

  /** How deeply words may nest; people need two. */
  static final int MAX_DEPTH = 32;

  /** The value of a variable; null when it is not set. */
  @FunctionalInterface
  interface Variables {
    @Nullable String get(String name);
  }

  private final Text text;
  private final Variables variables;
  private final char escape;
  private int at;
  private int depth;

  private Expansion(Text text, Variables variables, char escape) {
    this.text = text;
    this.variables = variables;
    this.escape = escape;
  }

  static String of(Text word, Variables variables, char escape) {
    Expansion expansion = new Expansion(word, variables, escape);
    return expansion.until((char) 0);
  }

  /** Expands and then splits what blanks separate, as EXPOSE does. */
  static List<String> words(Text arguments, Variables variables, char escape) {
    List<String> words = new ArrayList<>();
    for (Text word : arguments.words(escape)) {
      for (String part : of(word, variables, escape).split("\\s+", -1)) {
        if (!part.isEmpty()) {
          words.add(part);
        }
      }
    }
    return words;
  }

  private String until(char stop) {
    StringBuilder out = new StringBuilder();
    while (at < text.length() && (stop == 0 || text.charAt(at) != stop)) {
      char c = text.charAt(at);
      if (c == '\'') {
        single(out);
      } else if (c == '"') {
        quoted(out);
      } else if (c == '$') {
        out.append(dollar());
      } else if (c == escape) {
        at++;
        if (at < text.length()) {
          out.append(text.charAt(at++));
        }
      } else {
        out.append(c);
        at++;
      }
      limit(out);
    }
    return out.toString();
  }

  private void single(StringBuilder out) {
    int start = at++;
    while (at < text.length() && text.charAt(at) != '\'') {
      out.append(text.charAt(at++));
    }
    close(start, '\'');
  }

  private void quoted(StringBuilder out) {
    int start = at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c == '$') {
        out.append(dollar());
      } else if (c == escape && at + 1 < text.length()) {
        char next = text.charAt(at + 1);
        if (next != '"' && next != '$' && next != escape) {
          out.append(c);
        }
        out.append(next);
        at += 2;
      } else {
        out.append(c);
        at++;
      }
      limit(out);
    }
    close(start, '"');
  }

  private void close(int start, char quote) {
    if (at >= text.length()) {
      throw text.problem(
          "dockerfile.open-quote",
          start,
          "The quote " + quote + " is not closed",
          "Close it, or write " + escape + quote + " for the character itself.");
    }
    at++;
  }

  private String dollar() {
    int start = at++;
    if (at < text.length() && text.charAt(at) == '{') {
      at++;
      return braces(start);
    }
    String name = name();
    if (name.isEmpty()) {
      return "$";
    }
    String value = variables.get(name);
    return value == null ? "" : value;
  }

  /** A name, or one digit: a positional parameter, which is never set here. */
  private String name() {
    int start = at;
    while (at < text.length() && isName(text.charAt(at), at > start)) {
      at++;
    }
    if (at == start && at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    return text.part(start, at).toString();
  }

  private static boolean isName(char c, boolean inside) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (inside && c >= '0' && c <= '9');
  }

  private String braces(int start) {
    if (++depth > MAX_DEPTH) {
      throw text.problem(
          "dockerfile.bad-substitution",
          start,
          "Variables are nested more than " + MAX_DEPTH + " deep",
          "Set an ENV or ARG for the inner part.");
    }
    String name = name();
    if (name.isEmpty()) {
      throw bad(start, "There is no name after ${");
    }
    String value = variables.get(name);
    String result = at < text.length() ? modified(start, name, value) : null;
    if (result == null || at >= text.length() || text.charAt(at) != '}') {
      throw bad(start, "The substitution ${" + name + " is not closed");
    }
    at++;
    depth--;
    return result;
  }

  /** Reads from behind the name up to the closing brace. */
  private String modified(int start, String name, @Nullable String value) {
    String set = value == null ? "" : value;
    char operator = text.charAt(at);
    return switch (operator) {
      case '}' -> set;
      case ':' -> {
        at++;
        char second = at < text.length() ? text.charAt(at) : 0;
        yield conditional(start, second, name, value, value == null || value.isEmpty());
      }
      case '-', '+', '?' -> conditional(start, operator, name, value, value == null);
      case '#', '%' -> {
        boolean longest = doubled(operator);
        ShellPattern trim = shellPattern(start, '}', set);
        yield operator == '#' ? trim.withoutPrefix(set, longest) : trim.withoutSuffix(set, longest);
      }
      case '/' -> {
        boolean all = doubled(operator);
        yield replaced(shellPattern(start, '/', set), set, all);
      }
      default -> throw bad(start, "There is no operator " + operator + " for variables");
    };
  }

  /** Reads an operator that may be written twice, which makes it stronger. */
  private boolean doubled(char operator) {
    boolean twice = at + 1 < text.length() && text.charAt(at + 1) == operator;
    at += twice ? 2 : 1;
    return twice;
  }

  private String replaced(ShellPattern sought, String value, boolean all) {
    String replacement = "";
    if (at < text.length() && text.charAt(at) == '/') {
      at++;
      replacement = until('}');
    }
    return limited(sought.replace(value, replacement, all));
  }

  private String conditional(
      int start, char operator, String name, @Nullable String value, boolean absent) {
    at++;
    String word = until('}');
    return switch (operator) {
      case '-' -> absent || value == null ? word : value;
      case '+' -> absent ? "" : word;
      case '?' -> {
        if (absent || value == null) {
          throw text.problem(
              "dockerfile.unset-variable",
              start,
              "The variable " + name + " is not set" + (word.isEmpty() ? "" : ": " + word),
              "Give it a value with ARG " + name + "=… or ENV " + name + "=… before this line.");
        }
        yield value;
      }
      default -> throw bad(start, "There is no such operator for variables");
    };
  }

  private ShellPattern shellPattern(int start, char stop, String value) {
    String pattern = pattern(stop);
    if (pattern.length() > ShellPattern.MAX_PATTERN || value.length() > ShellPattern.MAX_VALUE) {
      throw bad(start, "The pattern or the value is too long for a substitution");
    }
    return ShellPattern.of(pattern, escape);
  }

  /**
   * A pattern up to the stop (or the brace): variables are replaced, escapes stay for the pattern.
   */
  private String pattern(char stop) {
    StringBuilder out = new StringBuilder();
    while (at < text.length() && text.charAt(at) != stop && text.charAt(at) != '}') {
      char c = text.charAt(at);
      if (c == '$') {
        out.append(dollar());
      } else if (c == escape && at + 1 < text.length()) {
        out.append(c).append(text.charAt(at + 1));
        at += 2;
      } else {
        out.append(c);
        at++;
      }
    }
    return limited(out.toString());
  }

  private RuntimeException bad(int start, String what) {
    return text.problem(
        "dockerfile.bad-substitution",
        start,
        what,
        "Write ${NAME}, ${NAME:-default}, or " + escape + "$ for a dollar.");
  }

  private void limit(CharSequence out) {
    if (out.length() > MAX_LENGTH) {
      throw text.problem(
          "dockerfile.too-long",
          "This is longer than " + MAX_LENGTH + " characters once its variables are replaced",
          "Make it shorter; Linux takes no longer argument.");
    }
  }

  private String limited(String value) {
    limit(value);
    return value;
  }
}
