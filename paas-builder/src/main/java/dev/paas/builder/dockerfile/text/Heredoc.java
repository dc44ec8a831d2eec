package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.Problem.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document that follows its instruction line by line, up to a line that is its name alone
 * (Docker's reference, "Here-Documents").
 *
 * @param opening how it is announced
 * @param body its lines, as they are written
 */
public record Heredoc(Opening opening, Text body) {

  /** BuildKit's: a descriptor, which nothing is made of; a hyphen; a word. */
  private static final Pattern OPENING = Pattern.compile("\\d{0,9}<<(-?)([^<]+)");

  /**
   * What announces a document.
   *
   * @param name of the document: the line that ends it, and of COPY's file
   * @param expands false: a part of the name is quoted, so that variables in the body mean nothing
   * @param stripsTabs tabs at the beginnings of lines are left out
   */
  public record Opening(String name, boolean expands, boolean stripsTabs) {}

  /** What a word announces, if it does. */
  public static Optional<Opening> opening(Text word) {
    Matcher matcher = OPENING.matcher(word.toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String written = matcher.group(2);
    return unquoted(written)
        .filter(name -> !name.isEmpty())
        .map(name -> new Opening(name, name.equals(written), !matcher.group(1).isEmpty()));
  }

  /** Without quotes and backslashes; empty for more than one word, or an open quote. */
  private static Optional<String> unquoted(String written) {
    StringBuilder name = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (quote == 0 && Text.isSpace(c)) {
        return Optional.empty();
      } else if (c == '\\' && quote != '\'' && i + 1 < written.length()) {
        name.append(written.charAt(++i));
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        name.append(c);
      }
    }
    return quote == 0 ? Optional.of(name.toString()) : Optional.empty();
  }

  /** Whether this line ends the document. */
  public static boolean ends(Opening opening, String line) {
    String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    return (opening.stripsTabs() ? withoutTabs(text) : text).equals(opening.name());
  }

  private static String withoutTabs(String line) {
    int at = 0;
    while (at < line.length() && line.charAt(at) == '\t') {
      at++;
    }
    return line.substring(at);
  }

  public String name() {
    return opening.name();
  }

  /**
   * The name, where it is that of a file.
   *
   * @throws dev.paas.base.problem.PaasException {@code dockerfile.bad-heredoc}, {@code
   *     dockerfile.bad-path}
   */
  public String fileName(Text at, Bounds bounds) {
    String name = name();
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw at.problem(
          Kind.INVALID,
          "dockerfile.bad-heredoc",
          "The name of this here-document is the name of a file: it can't be a path",
          "Call it e.g. EOF.");
    }
    return bounds.path(name, at);
  }

  /** What it says, without the tabs that are to be left out: those of a variable's value stay. */
  public Text stripped() {
    return opening.stripsTabs() ? body.meaning(content()) : body;
  }

  /** The same; variables in it are not replaced. */
  public String content() {
    String text = body.toString();
    if (!opening.stripsTabs()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean atStart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!atStart || c != '\t') {
        out.append(c);
        atStart = c == '\n';
      }
    }
    return out.toString();
  }

  /** Whether its first line names a program that is to run it (execve(2)). */
  public boolean isScript() {
    return content().startsWith("#!");
  }

  /** As it is written, up to the line that ends it. */
  public String written() {
    return body + opening.name();
  }
}
