package dev.paas.api.logs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Puts lines that others have between the lines of an app's past, by their times. Safe for all
 * threads.
 */
final class LogMerge {

  /**
   * Lines from before the first line of the app that are shown: what was asked for are the app's
   * last lines, and what happened long before them tells little.
   */
  static final int BEFORE = 10;

  /** The most lines that wait at once: bounds the memory of a reader. */
  static final int MOST = 2000;

  /** Guarded by this. */
  private final PriorityQueue<Waiting> left =
      new PriorityQueue<>(
          Comparator.comparing((Waiting each) -> each.line().at())
              .thenComparingLong(Waiting::number));

  private long number;
  private boolean begun;
  private boolean over;

  /** Of one time the first comes first. */
  private record Waiting(LogResource.Line line, long number) {}

  /** Has lines wait for their place, in any order. */
  synchronized void add(List<LogResource.Line> lines) {
    lines.forEach(line -> left.add(new Waiting(line, number++)));
  }

  /**
   * Has a line that has just come wait until the past before it has been told; false when it need
   * not wait.
   */
  synchronized boolean keeps(LogResource.Line line) {
    boolean waits = !over && left.size() < MOST;
    if (waits) {
      add(List.of(line));
    }
    return waits;
  }

  /** A line of the app, after those of the others that are older. */
  synchronized List<Object> next(LogResource.Line line) {
    List<Object> due = new ArrayList<>();
    while (!left.isEmpty() && !left.element().line().at().isAfter(line.at())) {
      due.add(left.remove().line());
    }
    List<Object> shown = begun ? due : due.subList(Math.max(0, due.size() - BEFORE), due.size());
    begun = true;
    List<Object> all = new ArrayList<>(shown);
    all.add(line);
    return all;
  }

  /** What is left when the app's own past is over; nothing waits from now on. */
  synchronized List<Object> rest() {
    begun = true;
    over = true;
    List<Object> all = new ArrayList<>();
    while (!left.isEmpty()) {
      all.add(left.remove().line());
    }
    return all;
  }
}
