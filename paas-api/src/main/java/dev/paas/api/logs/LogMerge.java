package dev.paas.api.logs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts lines of the past that others have between the lines of an app, by their times. */
final class LogMerge {

  /**
   * Lines from before the first line of the app that are shown: what was asked for are the app's
   * last lines, and what happened long before them tells little.
   */
  static final int BEFORE = 10;

  /** Guarded by this. */
  private final ArrayDeque<LogResource.Line> left;

  private boolean begun;

  /**
   * @param others in any order
   */
  LogMerge(List<LogResource.Line> others) {
    this.left =
        new ArrayDeque<>(
            others.stream().sorted(Comparator.comparing(LogResource.Line::at)).toList());
  }

  /** A line of the app, after those of the others that are older. */
  synchronized List<Object> next(LogResource.Line line) {
    List<Object> due = new ArrayList<>();
    while (!left.isEmpty() && !left.getFirst().at().isAfter(line.at())) {
      due.add(left.removeFirst());
    }
    List<Object> shown = begun ? due : due.subList(Math.max(0, due.size() - BEFORE), due.size());
    begun = true;
    List<Object> all = new ArrayList<>(shown);
    all.add(line);
    return all;
  }

  /** What is left when the app's own past is over. */
  synchronized List<Object> rest() {
    begun = true;
    List<Object> all = new ArrayList<>(left);
    left.clear();
    return all;
  }
}
