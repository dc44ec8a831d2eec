package dev.paas.api.boot;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Starts the steps of a push from the last to the first, so that each finds its successor ready,
 * and stops them from the first to the last.
 */
@Singleton
class Lifecycle {

  private final DaemonDeaths deaths;
  private final Serving serving;
  private final Intake intake;

  Lifecycle(DaemonDeaths deaths, Serving serving, Intake intake) {
    this.deaths = deaths;
    this.serving = serving;
    this.intake = intake;
  }

  void onStart(@Observes @Priority(1000) StartupEvent started) throws IOException {
    deaths.start();
    try {
      serving.start();
      intake.start();
    } catch (IOException | RuntimeException | Error failed) {
      // What has been taken up by now would otherwise be blamed for the end of this process.
      try {
        stop();
      } catch (Exception | Error besides) {
        failed.addSuppressed(besides);
      }
      throw failed;
    }
  }

  void onStop(@Observes ShutdownEvent stopping) throws Exception {
    stop();
  }

  private void stop() throws Exception {
    try {
      intake.close();
    } finally {
      try {
        serving.close();
      } finally {
        // Without it, the next start takes this stop for a death.
        deaths.close();
      }
    }
  }
}
