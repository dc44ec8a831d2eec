package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.text.Unseen;
import java.util.Arrays;

/** The text of a Dockerfile and the name it goes by in messages. */
public final class Source {

  /** The longest part of a line that a message repeats, in characters. */
  private static final int SHOWN = 64;

  private final String name;
  private final String text;

  /** Where each line begins. */
  private final int[] lines;

  /**
   * A file.
   *
   * @param name e.g. {@code Dockerfile}
   */
  public Source(String name, String text) {
    this.name = name;
    this.text = text;
    int[] starts = new int[1 + (int) text.chars().filter(c -> c == '\n').count()];
    int count = 1;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      starts[count++] = end + 1;
    }
    this.lines = starts;
  }

  public String name() {
    return name;
  }

  public String text() {
    return text;
  }

  /** The 1-based line of an offset. */
  public int line(int offset) {
    int found = Arrays.binarySearch(lines, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** {@code Dockerfile:3}. */
  public String place(int offset) {
    return name + ":" + line(offset);
  }

  /**
   * What is wrong at this offset: file, line and column, the line itself, and a caret under the
   * column.
   */
  public PaasException problem(
      Kind kind, String code, int offset, String what, String value, String fix) {
    return new Mistake(Problem.of(kind, code, sentence(offset, what), value, fix), this, offset);
  }

  /** A problem that was met elsewhere because of what stands at this offset. */
  public PaasException problem(Problem met, int offset, String value, String fix) {
    return new Mistake(met.told(sentence(offset, met.what()), value, fix), this, offset);
  }

  private String sentence(int offset, String what) {
    int at = Math.min(offset, text.length());
    int start = lines[line(at) - 1];
    int end = text.indexOf('\n', at);
    int column = at - start;
    int from = start + Math.max(0, column - SHOWN / 2);
    int to = Math.min(end < 0 ? text.length() : end, from + SHOWN);
    return "%s:%d:%d: %s\n\n    %s\n    %s^"
        .formatted(
            name,
            line(at),
            column + 1,
            what,
            visible(text.substring(from, Math.max(from, to))),
            " ".repeat(at - from));
  }

  /** One column for each character, so that the caret stands where it should. */
  private static String visible(String line) {
    StringBuilder out = new StringBuilder(line.length());
    line.codePoints()
        .forEach(
            c -> {
              if (Unseen.is(c)) {
                out.append(" ".repeat(Character.charCount(c)));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString().stripTrailing();
  }
}
