package dev.paas.api.deploy;

import dev.paas.api.formation.Formations;
import dev.paas.api.formation.KnownProcesses;
import dev.paas.api.release.Releases;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Decides what a scale may ask for. */
@ApplicationScoped
class ScaleRules {

  private final Formations formations;
  private final Deployments deployments;
  private final Releases releases;
  private final KnownProcesses processes;
  private final WantedInstances instances;
  private final int maxInstances;

  ScaleRules(
      Formations formations,
      Deployments deployments,
      Releases releases,
      KnownProcesses processes,
      WantedInstances instances,
      PlatformSettings settings) {
    this.formations = formations;
    this.deployments = deployments;
    this.releases = releases;
    this.processes = processes;
    this.instances = instances;
    this.maxInstances = settings.deploy().maxInstances();
  }

  /**
   * Makes the request for these quantities, in the commit that records it and holds the app.
   *
   * @throws dev.paas.base.problem.PaasException {@code scale.nothing}, {@code scale.negative},
   *     {@code scale.too-many}, {@code process.unknown}, {@code process.bad-name}, {@code
   *     quota.instances}, {@code quota.memory}
   */
  DeploymentRequest.Scale check(AppName app, Map<String, Integer> quantities) {
    SortedMap<String, Integer> wanted = new TreeMap<>(quantities);
    if (wanted.isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "scale.nothing",
              "No process type is named",
              "Name one and a number, such as web=2.")
          .asException();
    }
    wanted.forEach((process, quantity) -> check(app, process, quantity));
    DeploymentRequest.Scale scale = new DeploymentRequest.Scale(wanted);
    checkTotal(app, scale);
    return scale;
  }

  private void check(AppName app, String process, int quantity) {
    processes.require(app, process);
    checkServes(app, new ProcessType(process));
    if (quantity < 0) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "scale.negative",
              "An instance count can't be negative",
              process + "=" + quantity,
              "Use 0 to stop all of them.")
          .asException();
    }
    if (quantity > maxInstances) {
      throw tooMany(process + "=" + quantity);
    }
  }

  /** Only what serves can be scaled: nothing would remember it for any other release. */
  private void checkServes(AppName app, ProcessType process) {
    formations
        .of(app)
        .release()
        .map(version -> releases.get(app, version))
        .filter(serving -> !serving.processes().containsKey(process))
        .ifPresent(
            serving -> {
              throw Problem.of(
                      Kind.IMPOSSIBLE,
                      "process.unknown",
                      serving.version() + ", which serves, has no such process type",
                      process.value(),
                      "Scale it when a release that has it serves: see paas releases.")
                  .asException();
            });
  }

  private void checkTotal(AppName app, DeploymentRequest.Scale scale) {
    SortedMap<ProcessType, Integer> all = new TreeMap<>(formations.of(app).quantities());
    all.putAll(scale.quantities());
    checkTotal(app, all);
    deployments
        .growing(app, scale.quantities())
        .ifPresent(coming -> checkTotal(app, coming.formation()));
  }

  private void checkTotal(AppName app, SortedMap<ProcessType, Integer> all) {
    int total = all.values().stream().mapToInt(Integer::intValue).sum();
    if (total > maxInstances) {
      throw tooMany(total + " instances");
    }
    instances.require(app, all);
  }

  private RuntimeException tooMany(String value) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "scale.too-many",
            "An app has at most " + maxInstances + " instances",
            value,
            "Ask for fewer, or raise the setting deploy.max-instances.")
        .asException();
  }
}
