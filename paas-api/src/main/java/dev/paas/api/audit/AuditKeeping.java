package dev.paas.api.audit;

import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.store.Store;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what was refused in the last minute, and removes what is old or too much. */
@ApplicationScoped
class AuditKeeping implements Duties {

  private static final Logger LOG = LoggerFactory.getLogger(AuditKeeping.class);

  private enum Task {
    FLUSH,
    TRIM
  }

  private static final Duration FLUSH_EVERY = Duration.ofSeconds(20);
  private static final Duration TRIM_EVERY = Duration.ofMinutes(10);

  /** Rows of one commit: others want to write, too. */
  private static final int AT_ONCE = 2000;

  private final Audit audit;
  private final Refusals refusals;
  private final Store store;
  private final Clock clock;
  private final PlatformSettings.Audit settings;
  private final Reconciler<Task> work = new Reconciler<>("audit", 1, this::step);

  AuditKeeping(
      Audit audit, Refusals refusals, Store store, Clock clock, PlatformSettings settings) {
    this.audit = audit;
    this.refusals = refusals;
    this.store = store;
    this.clock = clock;
    this.settings = settings.audit();
  }

  void onStart(@Observes @Priority(500) StartupEvent started) {
    work.enqueue(Task.FLUSH);
    work.enqueue(Task.TRIM);
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
    try {
      flush(true);
    } catch (RuntimeException unwritable) {
      LOG.atWarn().setCause(unwritable).log("refusals of the last minute not recorded");
    }
  }

  private Requeue step(Task task) {
    return switch (task) {
      case FLUSH -> {
        flush(false);
        yield Requeue.after(FLUSH_EVERY);
      }
      case TRIM -> {
        boolean more =
            audit.removeBefore(clock.instant().minus(settings.kept()), AT_ONCE) == AT_ONCE
                || audit.removeAbove(settings.maxRows(), AT_ONCE) > 0;
        yield more ? Requeue.again() : Requeue.after(TRIM_EVERY);
      }
    };
  }

  private void flush(boolean all) {
    Map<Refusals.Refused, Long> taken = refusals.take(all);
    if (taken.isEmpty()) {
      return;
    }
    try {
      store.write(() -> taken.forEach(audit::refused));
    } catch (RuntimeException unwritable) {
      refusals.giveBack(taken);
      throw unwritable;
    }
  }
}
