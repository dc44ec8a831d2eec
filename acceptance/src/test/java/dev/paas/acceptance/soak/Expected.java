package dev.paas.acceptance.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an app may answer at which time: while a change is under way the old and the new, once it
 * was acknowledged only the new.
 */
final class Expected {
  private static final long KEPT = TimeUnit.MINUTES.toNanos(2);

  private final List<Window> windows = new ArrayList<>();

  /** One answer and when it is right; {@code to} is Long.MAX_VALUE while it is. */
  private record Window(String text, long from, long to) {}

  /** From now on this is right, too. */
  synchronized void maybe(String text) {
    if (windows.stream().noneMatch(w -> w.text.equals(text) && w.to == Long.MAX_VALUE)) {
      windows.add(new Window(text, System.nanoTime(), Long.MAX_VALUE));
    }
  }

  /** From now on only this is right. */
  synchronized void only(String text) {
    maybe(text);
    long now = System.nanoTime();
    windows.removeIf(w -> w.to != Long.MAX_VALUE && now - w.to > KEPT);
    windows.replaceAll(
        w -> w.text.equals(text) || w.to != Long.MAX_VALUE ? w : new Window(w.text, w.from, now));
  }

  /** Whether a request that took from one time to the other may be answered so. */
  synchronized boolean allows(String answer, long from, long to) {
    return windows.stream().anyMatch(w -> w.from <= to && w.to >= from && answer.contains(w.text));
  }

  @Override
  public synchronized String toString() {
    return windows.stream()
        .filter(w -> w.to == Long.MAX_VALUE)
        .map(Window::text)
        .toList()
        .toString();
  }
}
