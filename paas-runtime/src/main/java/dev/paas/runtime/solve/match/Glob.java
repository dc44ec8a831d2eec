package dev.paas.runtime.solve.match;

import dev.paas.base.name.PathPattern.Members;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Matches raw paths with a {@link dev.paas.base.name.PathPattern}, in which {@code **} spans
 * segments too. All positions are followed at once, so a hostile pattern costs at most its length
 * times the path's.
 */
public final class Glob {

  private enum Kind {
    ONE,
    RUN,
    DEEP_RUN,
    /** May be skipped with the token after it: {@code **}{@code /} matches nothing, too. */
    OPTIONAL,
    DIRECTORIES
  }

  private record Token(Kind kind, IntPredicate accepts) {}

  private final List<Token> tokens = new ArrayList<>();

  public Glob(String pattern) {
    int[] points = points(pattern);
    int at = 0;
    while (at < points.length) {
      int c = points[at];
      Members members = c == '[' ? Members.at(points, at).orElse(null) : null;
      if (c == '*') {
        at = stars(points, at);
      } else if (c == '?') {
        one(x -> x != '/');
        at++;
      } else if (members != null) {
        one(x -> x != '/' && members.has(x));
        at = members.end();
      } else {
        boolean quoted = c == '\\' && at + 1 < points.length;
        int literal = quoted ? points[at + 1] : c;
        one(x -> x == literal);
        at += quoted ? 2 : 1;
      }
    }
  }

  /**
   * The characters of a raw path. A byte that is not part of one in UTF-8 counts as a character of
   * its own, which is no other.
   */
  private static int[] points(String raw) {
    if (raw.chars().allMatch(c -> c < 0x80)) {
      return raw.chars().toArray();
    }
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    CharsetDecoder utf8 =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    int[] points = new int[bytes.length];
    int count = 0;
    while (in.hasRemaining()) {
      utf8.reset();
      utf8.decode(in, out, true);
      for (int point : out.flip().codePoints().toArray()) {
        points[count++] = point;
      }
      out.clear();
      if (in.hasRemaining()) {
        points[count++] = Character.MAX_CODE_POINT + 1 + (in.get() & 0xff);
      }
    }
    return Arrays.copyOf(points, count);
  }

  private int stars(int[] pattern, int start) {
    int end = start;
    while (end < pattern.length && pattern[end] == '*') {
      end++;
    }
    if (end - start == 1) {
      tokens.add(new Token(Kind.RUN, x -> x != '/'));
    } else if (end < pattern.length && pattern[end] == '/') {
      tokens.add(new Token(Kind.OPTIONAL, x -> false));
      tokens.add(new Token(Kind.DIRECTORIES, x -> true));
      return end + 1;
    } else {
      tokens.add(new Token(Kind.DEEP_RUN, x -> true));
    }
    return end;
  }

  private void one(IntPredicate accepts) {
    tokens.add(new Token(Kind.ONE, accepts));
  }

  public boolean matches(String path, Comparisons comparisons) {
    boolean[] at = new boolean[tokens.size() + 1];
    enter(at, 0);
    int first = 0;
    for (int c : points(path)) {
      while (first < at.length && !at[first]) {
        first++;
      }
      if (first >= tokens.size()) {
        return false;
      }
      comparisons.made(tokens.size() - first);
      boolean[] next = new boolean[tokens.size() + 1];
      for (int state = first; state < tokens.size(); state++) {
        if (at[state] && tokens.get(state).accepts().test(c)) {
          step(next, state, c);
        }
      }
      at = next;
    }
    return at[tokens.size()];
  }

  private void step(boolean[] next, int state, int c) {
    switch (tokens.get(state).kind()) {
      case ONE -> enter(next, state + 1);
      case RUN, DEEP_RUN -> enter(next, state);
      case DIRECTORIES -> {
        next[state] = true;
        if (c == '/') {
          enter(next, state + 1);
        }
      }
      case OPTIONAL -> throw new IllegalStateException("accepts nothing");
    }
  }

  /** Marks a state and what can be reached from it without a character. */
  private void enter(boolean[] states, int state) {
    if (states[state]) {
      return; // and so is all that can be reached from it
    }
    states[state] = true;
    if (state < tokens.size()) {
      switch (tokens.get(state).kind()) {
        case RUN, DEEP_RUN -> enter(states, state + 1);
        case OPTIONAL -> {
          states[state + 1] = true;
          enter(states, state + 2);
        }
        case ONE, DIRECTORIES -> {}
      }
    }
  }
}
