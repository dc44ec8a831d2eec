package dev.paas.api.rollout;

import dev.paas.api.release.InstanceSpecs;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Inventory;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the scheduler start and stop what a plan says; takes no decision. */
@ApplicationScoped
public class InstanceExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceExecutor.class);

  private final Scheduler scheduler;
  private final Inventory inventory;
  private final Releases releases;
  private final InstanceSpecs specs;
  private final Duration grace;
  private final Set<InstanceName> stopping = ConcurrentHashMap.newKeySet();

  InstanceExecutor(
      Scheduler scheduler,
      Inventory inventory,
      Releases releases,
      InstanceSpecs specs,
      PlatformSettings settings) {
    this.scheduler = scheduler;
    this.inventory = inventory;
    this.releases = releases;
    this.specs = specs;
    this.grace = settings.deploy().stopGrace();
  }

  /** Starts them side by side; answers with the first problem of each that did not start. */
  Map<InstanceName, Problem> start(Collection<InstanceName> keys) {
    Map<InstanceName, CompletableFuture<Instance>> asked = new LinkedHashMap<>();
    for (InstanceName key : keys) {
      Release release = releases.get(key.app(), new ReleaseVersion(key.release()));
      asked.put(key, scheduler.start(specs.of(release, key)));
    }
    Map<InstanceName, Problem> failed = new LinkedHashMap<>();
    asked.forEach(
        (key, answer) -> {
          try {
            inventory.started(answer.join());
            LOG.atInfo()
                .addKeyValue("app", key.app())
                .addKeyValue("instance", key)
                .log("instance started");
          } catch (CompletionException refused) {
            failed.put(key, problem(refused));
          }
        });
    return failed;
  }

  private static Problem problem(CompletionException failed) {
    if (failed.getCause() instanceof PaasException known) {
      return known.problem();
    }
    throw failed;
  }

  /** Stops it in the background; the inventory tells when it is gone. */
  public void stop(InstanceName key) {
    if (!stopping.add(key)) {
      return;
    }
    var unused =
        scheduler
            .stop(key, grace)
            .whenComplete(
                (gone, failed) -> {
                  stopping.remove(key);
                  if (failed == null) {
                    LOG.atInfo()
                        .addKeyValue("app", key.app())
                        .addKeyValue("instance", key)
                        .log("instance stopped");
                    inventory.stopped(key);
                  } else {
                    LOG.atWarn()
                        .addKeyValue("instance", key)
                        .addKeyValue("why", String.valueOf(failed.getMessage()))
                        .log("instance not stopped");
                  }
                });
  }
}
