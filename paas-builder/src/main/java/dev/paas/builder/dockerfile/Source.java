package dev.paas.builder.dockerfile;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;

/**
 * The text of a Dockerfile and the name it goes by in messages.
 *
 * @param name e.g. {@code Dockerfile}
 */
record Source(String name, String text) {

  /** The longest part of a line that a message repeats, in characters. */
  private static final int SHOWN = 100;

  /** The 1-based line of an offset. */
  int line(int offset) {
    int line = 1;
    for (int i = 0; i < offset && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  /** {@code Dockerfile:3}. */
  String place(int offset) {
    return name + ":" + line(offset);
  }

  /**
   * What is wrong at this offset: file, line and column, the line itself, and a caret under the
   * column.
   */
  PaasException problem(String code, int offset, String what, String value, String fix) {
    int at = Math.min(offset, text.length());
    int start = text.lastIndexOf('\n', at - 1) + 1;
    int end = text.indexOf('\n', at);
    String line = text.substring(start, end < 0 ? text.length() : end);
    int column = at - start;
    int from = Math.max(0, column - SHOWN / 2);
    String shown = line.substring(from, Math.min(line.length(), from + SHOWN));
    String sentence =
        "%s:%d:%d: %s\n\n    %s\n    %s^"
            .formatted(name, line(at), column + 1, what, visible(shown), " ".repeat(column - from));
    return Problem.of(code, sentence, value, fix).asException();
  }

  /** One column for each character, so that the caret stands where it should. */
  private static String visible(String line) {
    StringBuilder out = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean hidden = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      out.append(hidden ? ' ' : c);
    }
    return out.toString().stripTrailing();
  }
}
