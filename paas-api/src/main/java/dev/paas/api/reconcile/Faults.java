package dev.paas.api.reconcile;

import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks the process at a {@link FaultPoint} that {@code PAAS_FAULT} names: {@code
 * push.accepted:crash}, {@code …:throw} or {@code …:delay:500} (milliseconds). Does nothing unless
 * the setting {@code api.fault-points} is on, which no production platform has.
 */
@ApplicationScoped
public class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  /** What a JVM that was killed by SIGKILL ends with. */
  private static final int KILLED = 137;

  private final @Nullable FaultPoint armed;
  private final String effect;
  private final long delayMs;

  public Faults(
      PlatformSettings settings,
      @ConfigProperty(name = "paas.fault", defaultValue = "none") String fault) {
    List<String> parts = List.of(fault.split(":"));
    if (!settings.api().faultPoints() || fault.equals("none")) {
      this.armed = null;
      this.effect = "";
      this.delayMs = 0;
      return;
    }
    this.armed =
        Arrays.stream(FaultPoint.values())
            .filter(point -> point.label().equals(parts.get(0)))
            .findFirst()
            .orElseThrow(() -> unknown(fault).asException());
    this.effect = parts.size() > 1 ? parts.get(1) : "";
    this.delayMs = parts.size() > 2 ? Long.parseLong(parts.get(2)) : 0;
  }

  /** The process has come to {@code point}. */
  public void reach(FaultPoint point) {
    if (point != armed) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("point", point.label())
        .addKeyValue("effect", effect)
        .log("fault injected");
    switch (effect) {
      case "crash" -> Runtime.getRuntime().halt(KILLED);
      case "throw" -> throw new IllegalStateException("fault injected at " + point.label());
      case "delay" -> delay();
      default -> throw unknown(point.label() + ":" + effect).asException();
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

  private static Problem unknown(String fault) {
    return Problem.of(
        "settings.bad-fault",
        "PAAS_FAULT names no fault point or no effect",
        fault,
        "Write it like push.accepted:crash, push.accepted:throw or push.accepted:delay:500.");
  }
}
