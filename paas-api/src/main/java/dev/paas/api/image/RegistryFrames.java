package dev.paas.api.image;

import dev.paas.api.audit.Endings;
import dev.paas.api.http.ProblemView;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;

/** What is told while an image comes from a registry or goes to one. */
@ApplicationScoped
class RegistryFrames {

  private final Endings endings;
  private final Transfers transfers;
  private final Duration most;

  RegistryFrames(Endings endings, Transfers transfers, PlatformSettings settings) {
    this.endings = endings;
    this.transfers = transfers;
    this.most = settings.images().timeout();
  }

  /** How long a pull or a push may take. */
  Duration most() {
    return most;
  }

  static Map<String, Object> progress(String what, long doneBytes, long totalBytes) {
    return Map.of("progress", what, "doneBytes", doneBytes, "totalBytes", totalBytes);
  }

  /**
   * Counts a transfer, records how it ended, and makes a problem its last frame.
   *
   * @param entry of the audit
   */
  Multi<Map<String, Object>> recorded(String user, long entry, Multi<Map<String, Object>> frames) {
    return transfers
        .counted(user, frames)
        .onCompletion()
        .invoke(() -> endings.done(entry))
        .onFailure()
        .invoke(failed -> endings.failed(entry, failed))
        .onCancellation()
        .invoke(() -> endings.failed(entry, null))
        .onFailure(PaasException.class)
        .recoverWithItem(
            failed ->
                Map.<String, Object>of(
                    "problem", ProblemView.of(((PaasException) failed).problem())));
  }
}
