package dev.paas.api.boot;

import dev.paas.api.building.BuildWork;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.AppName;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Has {@link Attempts} judge what the ends of daemons mean for the work that they were busy with:
 * those of paasd at its start, those of the runtime whenever that is back.
 */
@Singleton
class DaemonDeaths implements AutoCloseable {

  /** Another one after each boot of the host. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Attempts attempts;
  private final Inventory inventory;
  private final BuildWork builds;
  private final Reconciler<String> judging;

  DaemonDeaths(Attempts attempts, Inventory inventory, BuildWork builds) {
    this.attempts = attempts;
    this.inventory = inventory;
    this.builds = builds;
    this.judging = new Reconciler<>("runtime-deaths", 1, this::judge);
  }

  /** Before any work is taken up, and before those who hear of the runtime take it up again. */
  void start() throws IOException {
    attempts.takeStock(Files.readString(BOOT_ID).strip());
    inventory.listen(
        new Inventory.Listener() {
          @Override
          public void changed(AppName app) {}

          @Override
          public void changedAll() {
            judging.enqueue("runtime");
          }
        });
  }

  private Requeue judge(String runtime) {
    OptionalLong deaths = inventory.deaths();
    if (deaths.isPresent()) {
      attempts.runtimeFound(deaths.getAsLong());
      builds.retry();
    } else {
      attempts.runtimeLost();
    }
    return Requeue.done();
  }

  /** Once nothing is under way any more: the process ends because it was told to. */
  @Override
  public void close() {
    judging.close();
    attempts.stopped();
  }
}
