package dev.paas.acceptance.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Every request of the load: how many were answered, how fast, and why the others were not. */
final class Tally {
  /** Failures that are printed in full; all of them are counted. */
  private static final int TOLD = 50;

  private final Chronicle chronicle;
  private final Map<String, Integer> failures = new TreeMap<>();
  private final Map<String, Integer> excused = new TreeMap<>();
  private final List<String> told = new ArrayList<>();
  private long[] micros = new long[1 << 16];
  private int answered;
  private int failed;
  private int lost;

  Tally(Chronicle chronicle) {
    this.chronicle = chronicle;
  }

  /** A request was answered rightly; what took long on purpose has no time. */
  synchronized void answered(long nanos, boolean timed) {
    answered++;
    if (timed) {
      if (times == micros.length) {
        micros = Arrays.copyOf(micros, times * 2);
      }
      micros[times++] = TimeUnit.NANOSECONDS.toMicros(nanos);
    }
  }

  private int times;

  /** A response came and was wrong: nothing excuses that. */
  void wrong(String request, String cause, long from, long to) {
    failed(request, cause, from, to);
  }

  /** No whole response came: right only of a router that was killed. */
  void broken(String request, String cause, long from, long to) {
    if (chronicle.excuses(Chronicle.Effect.CONNECTIONS, from, to)) {
      synchronized (this) {
        lost++;
        excused.merge(cause, 1, Integer::sum);
      }
    } else {
      failed(request, cause, from, to);
    }
  }

  private void failed(String request, String cause, long from, long to) {
    List<String> during = chronicle.during(from, to);
    String line =
        "FAILED %s: %s after %.3f s, during %s"
            .formatted(request, cause, Chronicle.seconds(to - from), during);
    synchronized (this) {
      failed++;
      failures.merge(cause, 1, Integer::sum);
      if (told.size() < TOLD) {
        told.add(line);
        chronicle.say(line);
      }
    }
  }

  synchronized int answered() {
    return answered;
  }

  synchronized int failed() {
    return failed;
  }

  /** Requests that a killed router took with it. */
  synchronized int lost() {
    return lost;
  }

  synchronized Map<String, Integer> failures() {
    return new TreeMap<>(failures);
  }

  synchronized Map<String, Integer> excused() {
    return new TreeMap<>(excused);
  }

  /** A percentile of the time to the whole answer, in milliseconds. */
  synchronized double millis(double percentile) {
    long[] sorted = Arrays.copyOf(micros, times);
    Arrays.sort(sorted);
    return times == 0 ? 0 : sorted[(int) Math.min(times - 1, times * percentile / 100)] / 1000.0;
  }
}
