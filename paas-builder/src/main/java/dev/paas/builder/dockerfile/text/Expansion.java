package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces variables and removes quotes in one word of an instruction, as Docker's reference
 * describes it ("Environment replacement"): {@code $x}, {@code ${x}}, {@code ${x:-word}} and its
 * kin with {@code - + ?}, {@code ${x#pattern}}, {@code ${x%pattern}}, {@code ${x/pattern/word}};
 * nothing inside single quotes; {@code \$} is a dollar. Where the reference says nothing, it does
 * as BuildKit does.
 */
public final class Expansion {

  /** How deeply words may nest; people need two. */
  public static final int MAX_DEPTH = 32;

  /** Parameters of a shell, which are never set here. */
  private static final String SPECIAL = "@*#?-$!";

  /** No character of a word. */
  private static final char END = 0;

  /** The value of a variable; null when it is not set. */
  @FunctionalInterface
  public interface Variables {
    @Nullable String get(String name);

    /** It is used as if it were set, and is not. */
    default void missed(String name, Text at) {}
  }

  /**
   * What words are expanded with.
   *
   * @param escape the file's escape character
   * @param kept characters before which the escape stays, for a pattern that is read later
   * @param quotes whether quotes mean something
   * @param longest what it may come to, in characters
   */
  public record Scope(
      Variables variables, char escape, Bounds bounds, String kept, boolean quotes, int longest) {

    public Scope(Variables variables, char escape, Bounds bounds) {
      this(variables, escape, bounds, "", true, Bounds.MAX_STRING);
    }

    public Scope keeping(String escapes) {
      return new Scope(variables, escape, bounds, escapes, quotes, longest);
    }

    /** For a file that is written into the Dockerfile: its quotes are its own. */
    public Scope ofFile(int longest) {
      return new Scope(variables, '\\', bounds, "", false, longest);
    }
  }

  private final Text text;
  private final Scope scope;
  private final char escape;

  /** Where blanks come from variables and no quote is around them, words end. */
  private final List<String> words = new ArrayList<>();

  private final StringBuilder word = new StringBuilder();
  private boolean raw;
  private int at;
  private int depth;

  private Expansion(Text text, Scope scope) {
    this.text = text;
    this.scope = scope;
    this.escape = scope.escape();
  }

  public static String of(Text word, Scope scope) {
    return new Expansion(word, scope).all();
  }

  /** Expands a word and splits it where a variable brings blanks, as EXPOSE does. */
  public static List<String> words(Text word, Scope scope) {
    Expansion expansion = new Expansion(word, scope);
    expansion.all();
    expansion.endWord();
    return List.copyOf(expansion.words);
  }

  private void endWord() {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private String all() {
    return until(END, false, 0);
  }

  /** Reads up to a stop, which is consumed, or to the end; {@code start} is where it began. */
  private String until(char stop, boolean keepsEscapes, int start) {
    boolean outer = raw;
    raw = keepsEscapes;
    boolean outermost = stop == END;
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (!outermost && c == stop) {
        at++;
        raw = outer;
        return out.toString();
      }
      int before = out.length();
      if (c == '\'' && scope.quotes()) {
        single(out);
      } else if (c == '"' && scope.quotes()) {
        quoted(out);
      } else if (c == '$') {
        append(out, dollar());
      } else if (c == escape) {
        escaped(out);
      } else {
        out.append(c);
        at++;
      }
      if (outermost) {
        collect(out, before, c == '$');
      }
    }
    raw = outer;
    if (!outermost) {
      throw bad(start, "There is no closing " + stop);
    }
    return out.toString();
  }

  private void collect(StringBuilder out, int from, boolean splits) {
    for (int i = from; i < out.length(); i++) {
      if (splits && Text.isBlank(out.charAt(i))) {
        endWord();
      } else {
        word.append(out.charAt(i));
      }
    }
  }

  /** An escape outside quotes takes the next character as it is; the last one is dropped. */
  private void escaped(StringBuilder out) {
    at++;
    char next = at < text.length() ? text.charAt(at) : 0;
    if (raw || (next != 0 && scope.kept().indexOf(next) >= 0)) {
      out.append(escape);
    }
    if (at < text.length()) {
      out.append(next);
      at++;
    }
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
        append(out, dollar());
      } else if (c == escape) {
        quotedEscape(out);
      } else {
        out.append(c);
        at++;
      }
    }
    close(start, '"');
  }

  /** Inside double quotes an escape counts before a quote, a dollar and itself only. */
  private void quotedEscape(StringBuilder out) {
    at++;
    if (raw) {
      out.append(escape);
    }
    char next = at < text.length() ? text.charAt(at) : 0;
    if (next == '"' || next == '$' || next == escape) {
      if (!raw && scope.kept().indexOf(next) >= 0) {
        out.append(escape);
      }
      out.append(next);
      at++;
    } else if (at < text.length()) {
      out.append(escape);
    }
  }

  private void close(int start, char quote) {
    if (at >= text.length()) {
      throw text.problem(
          Kind.INVALID,
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
    return orMissed(name, scope.variables().get(name), start);
  }

  private String orMissed(String name, @Nullable String value, int start) {
    if (value == null && isName(name.codePointAt(0)) && !Character.isDigit(name.charAt(0))) {
      scope.variables().missed(name, text.from(start));
    }
    return value == null ? "" : value;
  }

  /** A name, or a number or sign: a shell's parameter, which is never set here. */
  private String name() {
    int start = at;
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        at++;
      }
    } else if (at < text.length() && SPECIAL.indexOf(text.charAt(at)) >= 0) {
      at++;
    } else {
      while (at < text.length() && isName(text.codePointAt(at))) {
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return text.part(start, at).toString();
  }

  public static boolean isName(int c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private String braces(int start) {
    if (++depth > MAX_DEPTH) {
      throw text.problem(
          Kind.INVALID,
          "dockerfile.bad-substitution",
          start,
          "Variables are nested more than " + MAX_DEPTH + " deep",
          "Set an ENV or ARG for the inner part.");
    }
    String name = name();
    if (name.isEmpty()) {
      throw bad(start, "There is no name after ${");
    }
    if (at >= text.length()) {
      throw bad(start, "The substitution of " + shown(name) + " is not closed");
    }
    String result = modified(start, name, scope.variables().get(name));
    scope.bounds().produced(result.length(), text);
    depth--;
    return result;
  }

  /** Reads from behind the name to behind the closing brace. */
  private String modified(int start, String name, @Nullable String value) {
    char operator = text.charAt(at++);
    boolean emptyIsUnset = operator == ':';
    if (emptyIsUnset) {
      operator = at < text.length() ? text.charAt(at++) : 0;
    }
    if (emptyIsUnset && "#%/".indexOf(operator) >= 0) {
      throw bad(start, "There is no operator :" + operator + " for variables");
    }
    boolean absent = value == null || (emptyIsUnset && value.isEmpty());
    return switch (operator) {
      case '}' -> {
        if (emptyIsUnset) {
          throw bad(start, "There is no operator after the colon");
        }
        yield orMissed(name, value, start);
      }
      case '-', '+', '?' -> conditional(start, operator, name, absent ? null : value);
      case '#', '%' -> trimmed(start, operator, orMissed(name, value, start));
      case '/' -> replaced(start, orMissed(name, value, start));
      default -> throw bad(start, "There is no operator " + operator + " for variables");
    };
  }

  private String conditional(int start, char operator, String name, @Nullable String value) {
    String alternative = until('}', false, start);
    if (operator == '+') {
      return value == null ? "" : alternative;
    }
    if (value != null) {
      return value;
    }
    if (operator == '?') {
      throw text.problem(
          Kind.INVALID,
          "dockerfile.unset-variable",
          start,
          "The variable "
              + shown(name)
              + " is not set"
              + (alternative.isEmpty() ? "" : ": " + shown(alternative)),
          "Give it a value with ARG "
              + shown(name)
              + "=… or ENV "
              + shown(name)
              + "=… before this line.");
    }
    return alternative;
  }

  private String trimmed(int start, char operator, String value) {
    String pattern = until('}', true, start);
    boolean longest = !pattern.isEmpty() && pattern.charAt(0) == operator;
    ShellPattern trim = shellPattern(start, longest ? pattern.substring(1) : pattern, value);
    return operator == '#'
        ? trim.withoutPrefix(value, longest)
        : trim.withoutSuffix(value, longest);
  }

  private String replaced(int start, String value) {
    boolean all = at < text.length() && text.charAt(at) == '/';
    at += all ? 1 : 0;
    String pattern = until('/', true, start);
    String replacement = until('}', true, start);
    // At most one replacement before each character and one at the end, in which the matches, that
    // do not overlap, stand no more often than it has characters.
    scope.bounds().produced(replacement.length() * (all ? value.length() + 1L : 1L), text);
    ShellPattern matching = shellPattern(start, pattern, value);
    return all
        ? matching.replaceAll(value, new Template(replacement)::expand)
        : matching.replaceFirst(value, replacement);
  }

  private ShellPattern shellPattern(int start, String pattern, String value) {
    if (pattern.length() > ShellPattern.MAX_PATTERN) {
      throw bad(start, "The pattern is longer than " + ShellPattern.MAX_PATTERN + " characters");
    }
    scope.bounds().compared(pattern.length() + 1L, value.length(), text);
    return ShellPattern.of(pattern)
        .orElseThrow(() -> bad(start, "A backslash in a pattern stands before * ? \\ / or } only"));
  }

  private RuntimeException bad(int start, String what) {
    return text.problem(
        Kind.INVALID,
        "dockerfile.bad-substitution",
        start,
        what,
        "Write ${NAME}, ${NAME:-default}, or " + escape + "$ for a dollar.");
  }

  private static String shown(String text) {
    return dev.paas.base.problem.Problem.printable(text);
  }

  private void append(StringBuilder out, String value) {
    if (out.length() + value.length() > scope.longest()) {
      throw text.problem(
          Kind.INVALID,
          "dockerfile.too-long",
          "This is longer than " + scope.longest() + " characters once its variables are replaced",
          scope.quotes()
              ? "Make it shorter; Linux takes no longer argument."
              : "Make it shorter, or COPY a file.");
    }
    scope.bounds().produced(value.length(), text);
    out.append(value);
  }
}
