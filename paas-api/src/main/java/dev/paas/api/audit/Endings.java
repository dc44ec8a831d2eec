package dev.paas.api.audit;

import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.problem.PaasException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Records how acts ended whose end comes on a thread that may not wait for the disk. What a killed
 * process had begun is recorded as interrupted at the next start: nobody knows how far it came.
 */
@ApplicationScoped
public class Endings implements Duties {

  private final Audit audit;
  private final Reconciler<End> work = new Reconciler<>("audit-ends", 1, this::record);

  private record End(long entry, String outcome, String code) {}

  public Endings(Audit audit) {
    this.audit = audit;
  }

  /** Before anything is let in that begins new acts. */
  void onStart(@Observes @Priority(400) StartupEvent started) {
    audit.interruptAll();
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  /** What was asked for has been done. */
  public void done(long entry) {
    work.enqueue(new End(entry, Audit.DONE, ""));
  }

  /** A program has ended with this code. */
  public void exited(long entry, int code) {
    work.enqueue(
        code == 0 ? new End(entry, Audit.DONE, "") : new End(entry, Audit.FAILED, "exit " + code));
  }

  /**
   * It was not done.
   *
   * @param failure null when whoever asked for it has gone
   */
  public void failed(long entry, @Nullable Throwable failure) {
    if (failure == null || failure instanceof CancellationException) {
      work.enqueue(new End(entry, Audit.INTERRUPTED, ""));
    } else {
      work.enqueue(new End(entry, Audit.FAILED, code(failure)));
    }
  }

  private static String code(Throwable failure) {
    return failure instanceof PaasException known ? known.problem().code() : "http.unexpected";
  }

  private Requeue record(End end) {
    audit.ended(end.entry(), end.outcome(), end.code());
    return Requeue.done();
  }
}
