package dev.paas.cli.terminal;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The streams of a command and whether a person looks at them.
 *
 * @param interactive a person types and reads: questions may be asked and progress is shown
 * @param watched what is printed may end at a person's terminal, here or at the end of an ssh
 * @param colour whether colours may be used (NO_COLOR, no-color.org)
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean interactive,
    boolean watched,
    boolean colour) {

  /** Shows a line of progress to a person; nothing when piped. */
  public void progress(String line) {
    if (interactive) {
      err.println(safe(line));
      err.flush();
    }
  }

  /** Asks on the error stream, so that the answer stays out of what is piped. */
  public String ask(String question) throws IOException {
    err.print(question);
    err.flush();
    String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line.strip();
  }

  /** Asks a person for what must not be seen on the screen; from a pipe, it is read as it comes. */
  public String askHidden(String question) throws IOException {
    Console console = interactive ? System.console() : null;
    if (console == null) {
      return ask(interactive ? question : "");
    }
    char[] typed = console.readPassword("%s", question);
    return typed == null ? "" : new String(typed);
  }

  /** The text in green when good, red when not, if colours may be used. */
  public String judged(String text, boolean good) {
    return colour ? (good ? "\u001b[32m" : "\u001b[31m") + text + "\u001b[0m" : text;
  }

  /** The text in a colour, an SGR code such as 36 for cyan, if colours may be used. */
  public String painted(int code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** What others wrote, with everything but colours escaped when a terminal would obey it. */
  public String safe(String text) {
    if (!watched) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      if (c == '\u001b' && colourEnds(text, i + 1) > 0) {
        int end = colourEnds(text, i + 1);
        out.append(text, i, end);
        i = end - 1;
      } else if (c != '\t' && Unseen.is(c)) {
        Unseen.escape(out, c);
        i += Character.charCount(c) - 1;
      } else {
        out.appendCodePoint(c);
        i += Character.charCount(c) - 1;
      }
    }
    return out.toString();
  }

  private static int colourEnds(String text, int from) {
    if (!text.startsWith("[", from)) {
      return 0;
    }
    int at = from + 1;
    while (at < text.length() && "0123456789;".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() && text.charAt(at) == 'm' ? at + 1 : 0;
  }
}
