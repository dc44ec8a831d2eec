package dev.paas.api.rollout;

import dev.paas.api.deploy.InstanceSpecs;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.scheduler.InstanceIds;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the steps of a plan with the runtime; takes no decision. */
@ApplicationScoped
class InstanceExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceExecutor.class);

  private final RuntimeClient runtime;
  private final Inventory inventory;
  private final Releases releases;
  private final InstanceSpecs specs;
  private final int graceSeconds;
  private final Set<InstanceName> stopping = ConcurrentHashMap.newKeySet();

  InstanceExecutor(
      RuntimeClient runtime,
      Inventory inventory,
      Releases releases,
      InstanceSpecs specs,
      PlatformSettings settings) {
    this.runtime = runtime;
    this.inventory = inventory;
    this.releases = releases;
    this.specs = specs;
    this.graceSeconds = Math.toIntExact(settings.deploy().stopGrace().toSeconds());
  }

  /** Starts them side by side; answers with the first problem of each that did not start. */
  Map<InstanceName, Problem> start(Collection<InstanceName> keys) {
    Map<InstanceName, CompletableFuture<Instance>> asked = new LinkedHashMap<>();
    for (InstanceName key : keys) {
      Release release = releases.get(key.app(), new ReleaseVersion(key.release()));
      StartInstanceRequest request =
          StartInstanceRequest.newBuilder().setSpec(specs.of(release, key)).build();
      asked.put(key, runtime.ask(request, runtime.streaming()::startInstance));
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
  void stop(InstanceName key) {
    if (!stopping.add(key)) {
      return;
    }
    StopInstanceRequest request =
        StopInstanceRequest.newBuilder()
            .setId(InstanceIds.of(key))
            .setGraceSeconds(graceSeconds)
            .build();
    var unused =
        runtime
            .ask(request, runtime.streaming()::stopInstance)
            .whenComplete(
                (answer, failed) -> {
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

  /** The last lines that an instance wrote, oldest first. */
  List<String> lastLines(InstanceName key, int count) {
    ReadLogsRequest request =
        ReadLogsRequest.newBuilder()
            .setApp(key.app().value())
            .setProcess(key.process().value())
            .setSlot(key.slot())
            .setTail(count)
            .build();
    return runtime.call(
        () -> {
          List<String> lines = new ArrayList<>();
          Iterator<LogLine> all = runtime.now().readLogs(request);
          while (all.hasNext()) {
            LogLine line = all.next();
            if (line.getId().getRelease() == key.release()
                && line.getId().getGeneration() == key.generation()) {
              lines.add(line.getText());
            }
          }
          return lines;
        });
  }
}
