package dev.paas.api.boot;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.building.BuildWork;
import dev.paas.api.push.PushWork;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.rollout.DeploymentWork;
import dev.paas.api.route.Routes;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.scheduler.Inventory;
import dev.paas.api.ssh.SshControlPlane;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.ssh.ReceiverServer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the steps of a push from the last to the first, so that each finds its successor ready,
 * and stops them from the first to the last.
 */
@Singleton
class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  /** Another one after each boot of the host. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final PlatformSettings settings;
  private final Apps apps;
  private final RuntimeClient runtime;
  private final Inventory inventory;
  private final Routes routes;
  private final DeploymentWork deployments;
  private final BuildWork builds;
  private final PushWork pushes;
  private final Repositories repositories;
  private final SshControlPlane controlPlane;
  private final Attempts attempts;
  private final Reconciler<String> judging;
  private @Nullable ReceiverServer ssh;

  Lifecycle(
      PlatformSettings settings,
      Apps apps,
      RuntimeClient runtime,
      Inventory inventory,
      Routes routes,
      DeploymentWork deployments,
      BuildWork builds,
      PushWork pushes,
      Repositories repositories,
      SshControlPlane controlPlane,
      Attempts attempts) {
    this.settings = settings;
    this.apps = apps;
    this.runtime = runtime;
    this.inventory = inventory;
    this.routes = routes;
    this.deployments = deployments;
    this.builds = builds;
    this.pushes = pushes;
    this.repositories = repositories;
    this.controlPlane = controlPlane;
    this.attempts = attempts;
    this.judging = new Reconciler<>("runtime-deaths", 1, this::judge);
  }

  void onStart(@Observes @Priority(1000) StartupEvent started) throws IOException {
    attempts.takeStock(Files.readString(BOOT_ID).strip());
    routes.start(apps.all().stream().map(App::name).toList());
    // Before those who take work up again.
    inventory.listen(
        new Inventory.Listener() {
          @Override
          public void changed(AppName app) {}

          @Override
          public void changedAll() {
            judging.enqueue("runtime");
          }
        });
    deployments.start();
    inventory.listen(
        new Inventory.Listener() {
          @Override
          public void changed(AppName app) {}

          @Override
          public void changedAll() {
            builds.retry();
          }
        });
    inventory.start();
    builds.start();
    pushes.start();
    ReceiverServer server =
        new ReceiverServer(
            Bootstrap.ssh(settings.ssh(), Bootstrap.openFiles()),
            settings.platform().data().resolve("db"),
            repositories,
            controlPlane);
    ssh = server;
    server.start();
    LOG.atInfo().addKeyValue("port", server.port()).log("taking pushes");
  }

  /** What the runtime's coming and going means for the work that it was busy with. */
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

  /** Where pushes are taken; the system chose it when the setting says 0. */
  int sshPort() {
    return ssh == null ? 0 : ssh.port();
  }

  void onStop(@Observes ShutdownEvent stopping) throws Exception {
    if (ssh != null) {
      ssh.close();
    }
    pushes.close();
    builds.close();
    deployments.close();
    inventory.close();
    judging.close();
    routes.close();
    runtime.close();
    attempts.stopped();
  }
}
