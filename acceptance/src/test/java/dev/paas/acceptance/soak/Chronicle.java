package dev.paas.acceptance.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What was done to the platform and when, so that a failure can be told what it coincided with. */
final class Chronicle {
  private final long began = System.nanoTime();
  private final List<Event> events = new ArrayList<>();

  /** Something with a beginning and an end; times are of {@link System#nanoTime}. */
  static final class Event {
    private final String name;
    private final Effect effect;
    private final long from;
    private volatile long to = Long.MAX_VALUE;

    private Event(String name, Effect effect, long from) {
      this.name = name;
      this.effect = effect;
      this.from = from;
    }

    void ended() {
      to = System.nanoTime();
    }

    long from() {
      return from;
    }

    private boolean overlaps(long start, long end) {
      return from <= end && to >= start;
    }
  }

  /** What an event excuses. */
  enum Effect {
    /** Nothing. */
    NONE,
    /** Commands may fail: the control plane or the runtime is down. */
    COMMANDS,
    /** Connections may break: the router is down. */
    CONNECTIONS
  }

  Event begin(String name, Effect effect) {
    Event event = new Event(name, effect, System.nanoTime());
    synchronized (events) {
      events.add(event);
    }
    return event;
  }

  /** The names of what went on between two times. */
  List<String> during(long from, long to) {
    synchronized (events) {
      return events.stream().filter(e -> e.overlaps(from, to)).map(e -> e.name).toList();
    }
  }

  /** Whether something that excuses this went on between two times. */
  boolean excuses(Effect effect, long from, long to) {
    synchronized (events) {
      return events.stream().anyMatch(e -> e.effect == effect && e.overlaps(from, to));
    }
  }

  /** Prints a line for who watches, with the seconds since the beginning. */
  void say(String line) {
    System.err.printf(Locale.ROOT, "%7.1f  %s%n", seconds(System.nanoTime() - began), line);
  }

  static double seconds(long nanos) {
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
