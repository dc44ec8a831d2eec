package dev.paas.api.process;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentRequests;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.formation.Formations;
import dev.paas.api.formation.KnownProcesses;
import dev.paas.api.identity.User;
import dev.paas.api.release.ProcessSpec;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of an app's processes. What is relative to what the app has becomes how many
 * instances there are to be in the commit that asks: of two who want one more there are two more.
 */
@ApplicationScoped
class ProcessRequests {

  /** More than any app may have, and far from the end of an int. */
  private static final long MOST = 1_000_000;

  private final Store store;
  private final Formations formations;
  private final KnownProcesses known;
  private final Deployments deployments;
  private final DeploymentRequests requests;
  private final StoppedProcesses stopped;

  ProcessRequests(
      Store store,
      Formations formations,
      KnownProcesses known,
      Deployments deployments,
      DeploymentRequests requests,
      StoppedProcesses stopped) {
    this.stopped = stopped;
    this.store = store;
    this.formations = formations;
    this.known = known;
    this.deployments = deployments;
    this.requests = requests;
  }

  /**
   * Asks for a scale.
   *
   * @param exact how many there are to be
   * @param changes how many more than there are, or fewer
   * @throws dev.paas.base.problem.PaasException {@code scale.too-many}, and what {@link
   *     DeploymentRequests#scale} says
   */
  Deployment scale(AppName app, Map<String, Long> exact, Map<String, Long> changes, User user) {
    return store.commit(
        () -> {
          deployments.hold(app);
          SortedMap<ProcessType, Integer> now = asked(app);
          SortedMap<String, Integer> wanted = new TreeMap<>();
          exact.forEach((process, n) -> wanted.put(process, bounded(process, n)));
          changes.forEach(
              (process, change) -> {
                ProcessType type = new ProcessType(process);
                int before = now.getOrDefault(type, ProcessSpec.quantityByDefault(type));
                wanted.put(process, bounded(process, before + bounded(process, change)));
              });
          return requests.scale(app, wanted, user);
        });
  }

  /**
   * Replaces the instances of one process type, or of all; there must be some.
   *
   * @throws dev.paas.base.problem.PaasException {@code scale.none-runs}, and what {@link
   *     DeploymentRequests#restart} says
   */
  Deployment restart(AppName app, @Nullable String process, User user) {
    return store.commit(
        () -> {
          deployments.hold(app);
          formations.serving(app);
          boolean runs =
              asked(app).entrySet().stream()
                  .filter(each -> process == null || each.getKey().value().equals(process))
                  .anyMatch(each -> each.getValue() > 0);
          if (!runs) {
            throw nothing(
                app,
                process,
                Kind.IMPOSSIBLE,
                "scale.none-runs",
                "No instance is to run",
                "Start some: paas scale " + (process == null ? "web" : process) + "=1.");
          }
          return requests.restart(app, process, user);
        });
  }

  /**
   * Stops all instances, or those of one process type, and remembers how many there were.
   *
   * @throws dev.paas.base.problem.PaasException {@code scale.none-runs}, and what {@link
   *     DeploymentRequests#scale} says
   */
  Deployment stop(AppName app, @Nullable String process, User user) {
    return store.commit(
        () -> {
          deployments.hold(app);
          SortedMap<String, Integer> wanted = new TreeMap<>();
          asked(app)
              .forEach(
                  (type, quantity) -> {
                    if (quantity > 0 && (process == null || type.value().equals(process))) {
                      stopped.remember(app, type, quantity);
                      wanted.put(type.value(), 0);
                    }
                  });
          if (wanted.isEmpty()) {
            throw nothing(
                app,
                process,
                Kind.IMPOSSIBLE,
                "scale.none-runs",
                "No instance is to run",
                "Start what was stopped: paas ps:start.");
          }
          return requests.scale(app, wanted, user);
        });
  }

  /**
   * Starts again as many instances as {@link #stop} stopped, where there are none now.
   *
   * @throws dev.paas.base.problem.PaasException {@code scale.none-stopped}, and what {@link
   *     DeploymentRequests#scale} says
   */
  Deployment start(AppName app, @Nullable String process, User user) {
    return store.commit(
        () -> {
          deployments.hold(app);
          SortedMap<ProcessType, Integer> now = asked(app);
          SortedMap<String, Integer> wanted = new TreeMap<>();
          stopped
              .of(app)
              .forEach(
                  (type, quantity) -> {
                    if (now.getOrDefault(type, -1) == 0
                        && (process == null || type.value().equals(process))) {
                      wanted.put(type.value(), quantity);
                    }
                  });
          if (wanted.isEmpty()) {
            throw nothing(
                app,
                process,
                Kind.IMPOSSIBLE,
                "scale.none-stopped",
                "Nothing was stopped that could start again",
                "Say how many are to run: paas scale web=1.");
          }
          return requests.scale(app, wanted, user);
        });
  }

  private RuntimeException nothing(
      AppName app, @Nullable String process, Kind kind, String code, String what, String fix) {
    if (process != null) {
      known.require(app, process);
    }
    String value = process == null ? app.value() : process;
    return Problem.of(kind, code, what, value, fix).asException();
  }

  /** How many instances there are to be when every scale that was asked for has come to serve. */
  private SortedMap<ProcessType, Integer> asked(AppName app) {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>(formations.of(app).quantities());
    for (Deployment open : deployments.open(app)) {
      if (open.request() instanceof DeploymentRequest.Scale scale
          && !(open.state() instanceof DeploymentState.Failing)) {
        scale.processes().forEach((process, n) -> quantities.put(new ProcessType(process), n));
      }
    }
    return quantities;
  }

  private static int bounded(String process, long n) {
    if (Math.abs(n) > MOST || n == Long.MIN_VALUE) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "scale.too-many",
              "No app has so many instances",
              process + "=" + n,
              "Ask for fewer, or raise the setting deploy.max-instances.")
          .asException();
    }
    return (int) n;
  }
}
