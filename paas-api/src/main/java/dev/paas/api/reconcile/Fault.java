package dev.paas.api.reconcile;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to happen at which point, written {@code push.accepted:crash}, {@code …:throw}, {@code
 * …:overflow}, {@code …:error} or {@code …:delay:500} (milliseconds). Those that the process
 * outlives may be wanted several times: {@code …:throw:20}.
 */
record Fault(FaultPoint point, Effect effect, long delayMs, int times) {

  /** How the process breaks. */
  enum Effect {
    /** It ends as if by SIGKILL. */
    CRASH,
    /** The step fails. */
    THROW,
    /** The step runs out of stack. */
    OVERFLOW,
    /** The step fails with an error that is no exception. */
    ERROR,
    /** The step takes longer. */
    DELAY
  }

  /** What a JVM that was killed by SIGKILL ends with. */
  private static final int KILLED = 137;

  private static final Pattern FORM =
      Pattern.compile(
          "([a-z.-]+):(?:(crash)|(throw|overflow|error)(?::(\\d{1,4}))?|delay:(\\d{1,6}))");

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
      return new Fault(point, Effect.CRASH, 0, 1);
    }
    if (form.group(3) != null) {
      int times = form.group(4) == null ? 1 : Integer.parseInt(form.group(4));
      return new Fault(point, Effect.valueOf(form.group(3).toUpperCase(Locale.ROOT)), 0, times);
    }
    return new Fault(point, Effect.DELAY, Long.parseLong(form.group(5)), 1);
  }

  /** What is left when it has happened once more, in the form of {@link #parse}. */
  Optional<String> rest() {
    return times <= 1
        ? Optional.empty()
        : Optional.of(
            point.label() + ":" + effect.name().toLowerCase(Locale.ROOT) + ":" + (times - 1));
  }

  void happen() {
    switch (effect) {
      case CRASH -> Runtime.getRuntime().halt(KILLED);
      case THROW -> throw new IllegalStateException("fault injected at " + point.label());
      case OVERFLOW -> overflow(1);
      case ERROR -> throw new LinkageError("fault injected at " + point.label());
      case DELAY -> delay();
    }
  }

  @SuppressWarnings("InfiniteRecursion") // it is the fault
  private static long overflow(long depth) {
    return overflow(depth + 1) + depth;
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
        Kind.INVALID,
        "settings.bad-fault",
        "This names no fault point or no effect",
        text,
        "Write it like push.accepted:crash, push.accepted:throw:3, push.accepted:overflow, push.accepted:error or push.accepted:delay:500, with one of "
            + String.join(", ", points)
            + ".");
  }
}
