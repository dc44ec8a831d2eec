package dev.paas.api.reconcile;

import dev.paas.base.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to happen at which point, written {@code push.accepted:crash}, {@code …:throw} or {@code
 * …:delay:500} (milliseconds).
 */
record Fault(FaultPoint point, Effect effect, long delayMs) {

  /** How the process breaks. */
  enum Effect {
    /** It ends as if by SIGKILL. */
    CRASH,
    /** The step fails. */
    THROW,
    /** The step takes longer. */
    DELAY
  }

  /** What a JVM that was killed by SIGKILL ends with. */
  private static final int KILLED = 137;

  private static final Pattern FORM =
      Pattern.compile("([a-z.-]+):(?:(crash)|(throw)|(delay):(\\d{1,6}))");

  /** Reads one; {@code settings.bad-fault} when it is none. */
  static Fault parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw unknown(text).asException();
    }
    FaultPoint point =
        Arrays.stream(FaultPoint.values())
            .filter(known -> known.label().equals(form.group(1)))
            .findFirst()
            .orElseThrow(() -> unknown(text).asException());
    if (form.group(2) != null) {
      return new Fault(point, Effect.CRASH, 0);
    }
    if (form.group(3) != null) {
      return new Fault(point, Effect.THROW, 0);
    }
    return new Fault(point, Effect.DELAY, Long.parseLong(form.group(5)));
  }

  void happen() {
    switch (effect) {
      case CRASH -> Runtime.getRuntime().halt(KILLED);
      case THROW -> throw new IllegalStateException("fault injected at " + point.label());
      case DELAY -> delay();
    }
  }

  private void delay() {
    try {
      // A latch that nobody opens: the wait is the fault.
      if (new CountDownLatch(1).await(delayMs, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody opens it");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private static Problem unknown(String text) {
    List<String> points = Arrays.stream(FaultPoint.values()).map(FaultPoint::label).toList();
    return Problem.of(
        "settings.bad-fault",
        "This names no fault point or no effect",
        text,
        "Write it like push.accepted:crash, push.accepted:throw or push.accepted:delay:500, with one of "
            + String.join(", ", points)
            + ".");
  }
}
