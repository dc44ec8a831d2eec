package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A piece of a Dockerfile, perhaps joined from several lines, in which each character knows where
 * it stands in the file. Parts are views: taking a text apart copies nothing.
 */
public final class Text {

  private final Joined whole;
  private final int begin;
  private final int end;

  private Text(Joined whole, int begin, int end) {
    this.whole = whole;
    this.begin = begin;
    this.end = end;
  }

  /** What several places of a file make together. */
  private static final class Joined {

    private final Source source;
    private final String chars;

    /** Where in {@link #chars} each piece begins. */
    private final int[] starts;

    /** Where in the file each piece begins. */
    private final int[] offsets;

    /** The characters are not those of the file: all stand at the one offset. */
    private final boolean elsewhere;

    Joined(Source source, String chars, int[] starts, int[] offsets, boolean elsewhere) {
      this.source = source;
      this.chars = chars;
      this.starts = starts;
      this.offsets = offsets;
      this.elsewhere = elsewhere;
    }

    int offset(int index) {
      if (elsewhere) {
        return offsets[0];
      }
      int found = Arrays.binarySearch(starts, index);
      int piece = found >= 0 ? found : -found - 2;
      return offsets[piece] + index - starts[piece];
    }
  }

  /**
   * The text of an instruction.
   *
   * @param pieces where each piece begins and ends in the file
   */
  public static Text joined(Source source, String chars, List<int[]> pieces) {
    int[] starts = new int[pieces.size()];
    int[] offsets = new int[pieces.size()];
    int start = 0;
    for (int i = 0; i < offsets.length; i++) {
      starts[i] = start;
      offsets[i] = pieces.get(i)[0];
      start += pieces.get(i)[1] - pieces.get(i)[0];
    }
    return new Text(new Joined(source, chars, starts, offsets, false), 0, chars.length());
  }

  /** Other characters that this text stands for, e.g. a string of its JSON. */
  public Text meaning(String chars) {
    int[] place = {whole.offset(begin)};
    return new Text(new Joined(whole.source, chars, place, place, true), 0, chars.length());
  }

  public int length() {
    return end - begin;
  }

  public char charAt(int index) {
    return whole.chars.charAt(begin + index);
  }

  /** A half of a pair whose other half is behind this text is itself. */
  public int codePointAt(int index) {
    return Character.codePointAt(whole.chars, begin + index) > Character.MAX_VALUE
            && index + 1 < length()
        ? Character.codePointAt(whole.chars, begin + index)
        : charAt(index);
  }

  public boolean isEmpty() {
    return begin == end;
  }

  public boolean startsWith(String prefix) {
    return prefix.length() <= length() && whole.chars.startsWith(prefix, begin);
  }

  public boolean contains(String part) {
    int index = whole.chars.indexOf(part, begin);
    return index >= 0 && index + part.length() <= end;
  }

  public int indexOf(char c) {
    int index = whole.chars.indexOf(c, begin);
    return index < 0 || index >= end ? -1 : index - begin;
  }

  public Text from(int start) {
    return part(start, length());
  }

  public Text part(int start, int stop) {
    return new Text(whole, begin + start, begin + stop);
  }

  public Text strip() {
    int start = 0;
    int stop = length();
    while (start < stop && isSpace(charAt(start))) {
      start++;
    }
    while (stop > start && isSpace(charAt(stop - 1))) {
      stop--;
    }
    return part(start, stop);
  }

  /** The first word and what follows it; both without blanks around them. */
  public List<Text> firstWord() {
    Text text = strip();
    int stop = 0;
    while (stop < text.length() && !isBlank(text.charAt(stop))) {
      stop++;
    }
    return List.of(text.part(0, stop), text.from(stop).strip());
  }

  /** Words between blanks; quotes mean nothing. */
  public List<Text> fields(Bounds bounds) {
    List<Text> fields = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= length(); i++) {
      boolean blank = i == length() || isBlank(charAt(i));
      if (!blank && start < 0) {
        start = i;
      } else if (blank && start >= 0) {
        fields.add(part(start, i));
        bounds.words(fields.size(), part(start, i));
        start = -1;
      }
    }
    return fields;
  }

  /** Words between spaces that are neither quoted nor escaped; quotes and escapes are kept. */
  public List<Text> words(char escape, Bounds bounds) {
    List<Text> words = new ArrayList<>();
    forEachWord(
        escape,
        word -> {
          words.add(word);
          bounds.words(words.size(), word);
        });
    return words;
  }

  /** The same words, one after the other; nothing of them is kept or counted. */
  public void forEachWord(char escape, Consumer<Text> visitor) {
    int start = -1;
    char quote = 0;
    for (int i = 0; i < length(); i++) {
      char c = charAt(i);
      if (quote == 0 && isSpace(c)) {
        if (start >= 0) {
          visitor.accept(part(start, i));
          start = -1;
        }
        continue;
      }
      if (start < 0) {
        start = i;
      }
      if (c == escape && quote != '\'') {
        i++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    if (start >= 0) {
      visitor.accept(part(start, length()));
    }
  }

  /** What separates the words of most instructions. */
  public static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == 0x0b;
  }

  /**
   * What may stand around an instruction and between the words of ENV, ARG and LABEL: no-break
   * spaces too, which come with text that was copied from a page.
   */
  public static boolean isSpace(char c) {
    return isBlank(c) || c == 0x85 || Character.isSpaceChar(c);
  }

  /** What is wrong with the first character of this text. */
  public PaasException problem(Kind kind, String code, String what, String fix) {
    return problem(kind, code, 0, what, fix);
  }

  /** What is wrong at this character of this text. */
  public PaasException problem(Kind kind, String code, int index, String what, String fix) {
    int at = whole.offset(begin + Math.min(index, length()));
    return whole.source.problem(kind, code, at, what, beginning(), fix);
  }

  /** A problem that was met with what this text names. */
  public PaasException problem(Problem met, String fix) {
    return whole.source.problem(met, whole.offset(begin), beginning(), fix);
  }

  /** As much as a message repeats. */
  private String beginning() {
    return whole.chars.substring(begin, Math.min(end, begin + 1000));
  }

  /** Where in the file it begins, in characters. */
  public int offset() {
    return whole.offset(begin);
  }

  /** {@code Dockerfile:3}. */
  public String place() {
    return whole.source.place(whole.offset(begin));
  }

  @Override
  public String toString() {
    return whole.chars.substring(begin, end);
  }
}
