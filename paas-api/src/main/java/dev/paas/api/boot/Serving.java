package dev.paas.api.boot;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.rollout.DeploymentWork;
import dev.paas.api.route.Routes;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.scheduler.Inventory;
import jakarta.inject.Singleton;

/** Starts and stops what keeps the apps running and reachable. */
@Singleton
class Serving implements AutoCloseable {

  private final Apps apps;
  private final Routes routes;
  private final DeploymentWork deployments;
  private final Inventory inventory;
  private final RuntimeClient runtime;

  Serving(
      Apps apps,
      Routes routes,
      DeploymentWork deployments,
      Inventory inventory,
      RuntimeClient runtime) {
    this.apps = apps;
    this.routes = routes;
    this.deployments = deployments;
    this.inventory = inventory;
    this.runtime = runtime;
  }

  void start() {
    routes.start(apps.all().stream().map(App::name).toList());
    deployments.start();
    inventory.start();
  }

  @Override
  public void close() {
    deployments.close();
    inventory.close();
    routes.close();
    runtime.close();
  }
}
