package dev.paas.api.process;

import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.Formations;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts single instances again: one that serves is stopped, and the rollout, which wants it,
 * starts it. Requests go to the others meanwhile.
 */
@ApplicationScoped
class InstanceRestarts {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceRestarts.class);

  private final Store store;
  private final Formations formations;
  private final Scheduler scheduler;
  private final Duration grace;

  InstanceRestarts(
      Store store, Formations formations, Scheduler scheduler, PlatformSettings settings) {
    this.store = store;
    this.formations = formations;
    this.scheduler = scheduler;
    this.grace = settings.deploy().stopGrace();
  }

  /**
   * Has an instance stopped once the surrounding commit is durable.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.not-found}
   */
  InstanceResource.Restarted restart(AppName app, String process, int slot) {
    Set<InstanceName> serving =
        formations
            .of(app)
            .target()
            .<Set<InstanceName>>map(DesiredInstances::instances)
            .orElseGet(TreeSet::new);
    InstanceName name =
        serving.stream()
            .filter(each -> each.process().value().equals(process) && each.slot() == slot)
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(
                            Kind.NOT_FOUND,
                            "instance.not-found",
                            "The app has no such instance",
                            process + "." + slot,
                            "See paas ps.")
                        .asException());
    store.afterCommit(() -> stop(name));
    return new InstanceResource.Restarted(name.label(), "v" + name.release());
  }

  private void stop(InstanceName name) {
    var unused =
        scheduler
            .stop(name, grace)
            .whenComplete(
                (gone, failed) -> {
                  if (failed != null) {
                    LOG.atWarn()
                        .addKeyValue("instance", name)
                        .addKeyValue("why", String.valueOf(failed.getMessage()))
                        .log("instance not stopped for a restart");
                  }
                });
  }
}
