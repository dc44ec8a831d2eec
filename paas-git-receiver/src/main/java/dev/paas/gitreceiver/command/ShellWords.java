package dev.paas.gitreceiver.command;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a command line into words as a POSIX shell does (XCU 2.2): blanks, single and double
 * quotes, backslashes. Nothing is expanded, and nothing else is special.
 */
public final class ShellWords {

  /** Longest command line, in characters: more than people type and less than hurts. */
  static final int MAX_LENGTH = 16 << 10;

  private final String line;
  private int at;

  private ShellWords(String line) {
    this.line = line;
  }

  public static List<String> split(String line) {
    if (line.length() > MAX_LENGTH) {
      throw Problem.of(
              Kind.USAGE,
              "ssh.long-command",
              "The command line is longer than " + MAX_LENGTH + " characters",
              "Give large values on standard input.")
          .asException();
    }
    ShellWords words = new ShellWords(line);
    List<String> all = new ArrayList<>();
    for (String word = words.next(); word != null; word = words.next()) {
      all.add(word);
    }
    return List.copyOf(all);
  }

  private @Nullable String next() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    if (at == line.length()) {
      return null;
    }
    StringBuilder word = new StringBuilder();
    while (at < line.length() && !isBlank(line.charAt(at))) {
      char c = line.charAt(at++);
      switch (c) {
        case '\'' -> singleQuoted(word);
        case '"' -> doubleQuoted(word);
        case '\\' -> word.append(escaped());
        default -> word.append(c);
      }
    }
    return word.toString();
  }

  private void singleQuoted(StringBuilder word) {
    int end = line.indexOf('\'', at);
    if (end < 0) {
      throw unclosed();
    }
    word.append(line, at, end);
    at = end + 1;
  }

  private void doubleQuoted(StringBuilder word) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '\\' && at < line.length() && "\"\\$`".indexOf(line.charAt(at)) >= 0) {
        c = line.charAt(at++);
      }
      word.append(c);
    }
    throw unclosed();
  }

  private char escaped() {
    if (at == line.length()) {
      throw unclosed();
    }
    return line.charAt(at++);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
  }

  private RuntimeException unclosed() {
    return Problem.of(
            Kind.USAGE,
            "ssh.open-quote",
            "The command line ends inside a quotation",
            line,
            "Close the quote; your own shell takes one level of quotes away before ssh sends the rest.")
        .asException();
  }
}
