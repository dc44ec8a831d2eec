package dev.paas.builder.dockerfile;

import dev.paas.base.problem.PaasException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of a Dockerfile, perhaps joined from several lines, in which each character knows where
 * it stands in the file.
 */
final class Text {

  private final Source source;
  private final String chars;
  private final int[] offsets;

  /**
   * @param offsets where each character stands, and where the text ends
   */
  Text(Source source, String chars, int[] offsets) {
    this.source = source;
    this.chars = chars;
    this.offsets = offsets;
  }

  int length() {
    return chars.length();
  }

  char charAt(int index) {
    return chars.charAt(index);
  }

  boolean isEmpty() {
    return chars.isEmpty();
  }

  boolean startsWith(String prefix) {
    return chars.startsWith(prefix);
  }

  int indexOf(char c) {
    return chars.indexOf(c);
  }

  Text from(int begin) {
    return part(begin, chars.length());
  }

  Text part(int begin, int end) {
    return new Text(
        source, chars.substring(begin, end), Arrays.copyOfRange(offsets, begin, end + 1));
  }

  Text strip() {
    int begin = 0;
    int end = chars.length();
    while (begin < end && isBlank(chars.charAt(begin))) {
      begin++;
    }
    while (end > begin && isBlank(chars.charAt(end - 1))) {
      end--;
    }
    return part(begin, end);
  }

  /** The first word and what follows it; both without blanks around them. */
  List<Text> firstWord() {
    Text text = strip();
    int end = 0;
    while (end < text.length() && !isBlank(text.charAt(end))) {
      end++;
    }
    return List.of(text.part(0, end), text.from(end).strip());
  }

  /** Words between blanks; quotes mean nothing. */
  List<Text> fields() {
    List<Text> fields = new ArrayList<>();
    Text rest = strip();
    while (!rest.isEmpty()) {
      List<Text> split = rest.firstWord();
      fields.add(split.get(0));
      rest = split.get(1);
    }
    return fields;
  }

  /** Words between blanks that are neither quoted nor escaped; quotes and escapes are kept. */
  List<Text> words(char escape) {
    List<Text> words = new ArrayList<>();
    int begin = -1;
    char quote = 0;
    for (int i = 0; i < chars.length(); i++) {
      char c = chars.charAt(i);
      if (quote == 0 && isBlank(c)) {
        if (begin >= 0) {
          words.add(part(begin, i));
          begin = -1;
        }
        continue;
      }
      if (begin < 0) {
        begin = i;
      }
      if (c == escape && quote != '\'') {
        i++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    if (begin >= 0) {
      words.add(part(begin, chars.length()));
    }
    return words;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == 0x0b;
  }

  /** What is wrong with the first character of this text. */
  PaasException problem(String code, String what, String fix) {
    return problem(code, 0, what, fix);
  }

  /** What is wrong at this character of this text. */
  PaasException problem(String code, int index, String what, String fix) {
    return source.problem(code, offsets[Math.min(index, chars.length())], what, chars, fix);
  }

  /** {@code Dockerfile:3}. */
  String place() {
    return source.place(offsets[0]);
  }

  @Override
  public String toString() {
    return chars;
  }
}
