package dev.paas.runtime.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A file name pattern as Go's filepath.Match has them: {@code *}, {@code ?}, {@code [a-z]}, {@code
 * [^a-z]}, {@code \} quotes; and {@code **}, which spans segments. It works on raw paths; {@code ?}
 * is then one byte. All positions are followed at once, so a hostile pattern costs at most its
 * length times the path's.
 */
final class Glob {

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

  Glob(String pattern) {
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '*') {
        at = stars(pattern, at);
      } else if (c == '?') {
        one(x -> x != '/');
        at++;
      } else if (c == '[' && pattern.indexOf(']', at + 2) > 0) {
        int end = pattern.indexOf(']', at + 2);
        one(set(pattern.substring(at + 1, end)));
        at = end + 1;
      } else {
        boolean quoted = c == '\\' && at + 1 < pattern.length();
        char literal = quoted ? pattern.charAt(at + 1) : c;
        one(x -> x == literal);
        at += quoted ? 2 : 1;
      }
    }
  }

  static boolean isPattern(String segment) {
    return segment.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\');
  }

  private int stars(String pattern, int start) {
    int end = start;
    while (end < pattern.length() && pattern.charAt(end) == '*') {
      end++;
    }
    if (end - start == 1) {
      tokens.add(new Token(Kind.RUN, x -> x != '/'));
    } else if (end < pattern.length() && pattern.charAt(end) == '/') {
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

  private static IntPredicate set(String inside) {
    boolean negated = inside.startsWith("^") || inside.startsWith("!");
    String members = negated ? inside.substring(1) : inside;
    IntPredicate in =
        x -> {
          for (int i = 0; i < members.length(); i++) {
            boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
            char low = members.charAt(i);
            char high = range ? members.charAt(i + 2) : low;
            if (x >= low && x <= high) {
              return true;
            }
            i += range ? 2 : 0;
          }
          return false;
        };
    return x -> x != '/' && in.test(x) != negated;
  }

  boolean matches(String path) {
    boolean[] at = new boolean[tokens.size() + 1];
    enter(at, 0);
    for (int i = 0; i < path.length(); i++) {
      boolean[] next = new boolean[tokens.size() + 1];
      for (int state = 0; state < tokens.size(); state++) {
        if (at[state] && tokens.get(state).accepts().test(path.charAt(i))) {
          step(next, state, path.charAt(i));
        }
      }
      at = next;
    }
    return at[tokens.size()];
  }

  private void step(boolean[] next, int state, char c) {
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
