package dev.paas.api.deploy;

import dev.paas.api.config.ConfigVars;
import dev.paas.api.formation.Formations;
import dev.paas.api.identity.User;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.Nearest;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of an app's instances, checked and recorded. When no other deployment is before
 * it, a request begins in the commit that records it.
 */
@ApplicationScoped
public class DeploymentRequests {

  private final Store store;
  private final Formations formations;
  private final Deployments deployments;
  private final DeploymentStarter starter;
  private final Releases releases;
  private final OldImages images;
  private final ConfigVars config;
  private final WantedInstances instances;
  private final int maxInstances;

  DeploymentRequests(
      Store store,
      Formations formations,
      Deployments deployments,
      DeploymentStarter starter,
      Releases releases,
      OldImages images,
      ConfigVars config,
      WantedInstances instances,
      PlatformSettings settings) {
    this.store = store;
    this.formations = formations;
    this.deployments = deployments;
    this.starter = starter;
    this.releases = releases;
    this.images = images;
    this.config = config;
    this.instances = instances;
    this.maxInstances = settings.deploy().maxInstances();
  }

  /**
   * Changes how many instances there are.
   *
   * @throws dev.paas.base.problem.PaasException {@code scale.nothing}, {@code scale.negative},
   *     {@code scale.too-many}, {@code process.unknown}
   */
  public Deployment scale(AppName app, Map<String, Integer> processes, User user) {
    return store.commit(
        () -> {
          SortedMap<String, Integer> wanted = new TreeMap<>(processes);
          if (wanted.isEmpty()) {
            throw Problem.of(
                    Kind.IMPOSSIBLE,
                    "scale.nothing",
                    "Which process type, and how many?",
                    "Write it like web=2.")
                .asException();
          }
          wanted.forEach((process, quantity) -> check(app, process, quantity));
          DeploymentRequest.Scale scale = new DeploymentRequest.Scale(wanted);
          checkTotal(app, scale);
          return ask(app, scale, user);
        });
  }

  /**
   * Brings a new version of the config vars to the instances; there is nothing to bring it to
   * before the first release. Part of the commit that makes the version, so that there is never one
   * without the other.
   */
  Optional<Deployment> configure(AppName app, int version, User user) {
    return formations
        .of(app)
        .release()
        .map(release -> ask(app, new DeploymentRequest.Config(version), user));
  }

  private void check(AppName app, String process, int quantity) {
    SortedSet<String> known = processes(app);
    if (known.isEmpty()) {
      // Before the first release any name may come.
      var unused = new ProcessType(process);
    } else if (!known.contains(process)) {
      throw unknown(process, known);
    }
    checkServes(app, process);
    if (quantity < 0) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "scale.negative",
              "There can't be less than no instance",
              process + "=" + quantity,
              "Use 0 to stop all of them.")
          .asException();
    }
    if (quantity > maxInstances) {
      throw tooMany(process + "=" + quantity);
    }
  }

  /** A scale is about what serves: of another release nothing would keep what was asked for. */
  private void checkServes(AppName app, String process) {
    formations
        .of(app)
        .release()
        .map(version -> releases.get(app, version))
        .filter(serving -> !serving.processes().containsKey(new ProcessType(process)))
        .ifPresent(
            serving -> {
              throw Problem.of(
                      Kind.IMPOSSIBLE,
                      "process.unknown",
                      serving.version() + ", which serves, has no such process type",
                      process,
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

  private static RuntimeException unknown(String process, SortedSet<String> known) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "process.unknown",
            "The app has no such process type",
            process,
            Nearest.to(process, known)
                .map(near -> "Did you mean " + near + "?")
                .orElse("It has " + String.join(", ", known) + "."))
        .asException();
  }

  /**
   * Refuses the name of a process type that the app does not have.
   *
   * @throws dev.paas.base.problem.PaasException {@code process.unknown}
   */
  public void checkProcess(AppName app, String process) {
    store.read(
        () -> {
          SortedSet<String> known = processes(app);
          if (!known.isEmpty() && !known.contains(process)) {
            throw unknown(process, known);
          }
          return known;
        });
  }

  /** What the serving and the newest release have. */
  private SortedSet<String> processes(AppName app) {
    SortedSet<String> names = new TreeSet<>();
    Optional<Release> serving =
        formations.of(app).release().flatMap(version -> releases.find(app, version));
    List.of(serving, releases.newest(app))
        .forEach(
            release ->
                release.ifPresent(
                    known -> known.processes().keySet().forEach(p -> names.add(p.value()))));
    return names;
  }

  /** Replaces the instances of one process type, or of all. */
  public Deployment restart(AppName app, @Nullable String process, User user) {
    return store.commit(
        () -> {
          formations.serving(app);
          SortedSet<String> known = processes(app);
          if (process != null && !known.contains(process)) {
            throw unknown(process, known);
          }
          return ask(app, new DeploymentRequest.Restart(process), user);
        });
  }

  /**
   * Runs an earlier release again; the one before the current when none is named. Its config vars
   * are the app's from now on: what is pushed or set next builds on what was gone back to.
   */
  public Deployment rollback(AppName app, @Nullable String to, User user) {
    return store.commit(
        () -> {
          ReleaseVersion current = formations.serving(app);
          Release target =
              to == null ? before(app, current) : releases.get(app, ReleaseVersion.parse(to));
          if (target.version().equals(current)) {
            throw Problem.of(
                    Kind.IMPOSSIBLE,
                    "release.current",
                    "This release is the one that runs",
                    current.toString(),
                    "Name another one, see paas releases; paas restart restarts this one.")
                .asException();
          }
          if (!images.keeps(target)) {
            throw Problem.of(
                    Kind.IMPOSSIBLE,
                    "release.image-gone",
                    "The image of this release is not kept any more",
                    target.version().toString(),
                    "Roll back to a newer one, or push its commit "
                        + target.commit().substring(0, 7)
                        + " again.")
                .asException();
          }
          config.restore(app, target.configVersion(), user);
          return ask(app, new DeploymentRequest.Rollback(target.version().number()), user);
        });
  }

  private Release before(AppName app, ReleaseVersion current) {
    Set<ReleaseVersion> failed = deployments.failedReleases(app);
    return releases.list(app).stream()
        .filter(release -> release.version().compareTo(current) < 0)
        .filter(release -> !failed.contains(release.version()))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.IMPOSSIBLE,
                        "release.none-before",
                        "No release before this one has served",
                        current.toString(),
                        "Name the one you want (paas rollback v2), or push a commit.")
                    .asException());
  }

  /** Records a request and begins it when nothing is before it. */
  Deployment ask(AppName app, DeploymentRequest request, User user) {
    return store.commit(
        () -> {
          Deployment asked = deployments.request(app, request, user.name());
          starter.begin(asked);
          return deployments.get(app, asked.id());
        });
  }
}
