package dev.paas.api.rollout;

import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Tells whoever pushed how the deployment of their build goes; other deployments are silent. */
@ApplicationScoped
class RolloutVoice {

  /** Lines of a failed instance's log that the pusher is shown. */
  private static final int LAST_LINES = 30;

  private final BuildOutput output;
  private final Scheduler scheduler;

  /** What was told of an instance that no request reaches, by the deployment's id. */
  private final Map<Long, String> unreachable = new ConcurrentHashMap<>();

  RolloutVoice(BuildOutput output, Scheduler scheduler) {
    this.output = output;
    this.scheduler = scheduler;
  }

  void begun(Deployment deployment) {
    say(
        deployment,
        (out, build) -> {
          deployment.release().ifPresent(version -> out.step(build, "Releasing " + version));
          deployment.goal().ifPresent(goal -> out.detail(build, formationText(goal)));
        });
  }

  private static String formationText(DesiredInstances goal) {
    return goal.formation().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  void waits(Deployment deployment) {
    say(deployment, (out, build) -> out.step(build, "Waiting until the instances listen"));
  }

  void switches(Deployment deployment, DesiredInstances goal) {
    say(deployment, (out, build) -> out.step(build, "Switching to " + goal.release()));
  }

  /** Tells, once, what keeps requests from an instance that starts. */
  void tellUnreachable(Deployment deployment, SortedMap<InstanceName, Instance> known) {
    for (InstanceName name : deployment.goal().orElseThrow().instances()) {
      Instance instance = known.get(name);
      if (instance == null || instance.state() != Instance.State.STARTING) {
        continue;
      }
      String why = instance.unreachable();
      if (!why.isEmpty()) {
        if (!why.equals(unreachable.put(deployment.id(), why))) {
          say(deployment, (out, build) -> out.detail(build, name.label() + " " + why));
        }
        return;
      }
    }
  }

  /**
   * What the first instance that failed wrote, before it is removed.
   *
   * @param serving instances that are no part of the deployment
   */
  void tellLastLines(
      Deployment deployment, Set<InstanceName> serving, SortedMap<InstanceName, Instance> known) {
    for (InstanceName name : deployment.goal().orElseThrow().instances()) {
      Instance instance = known.get(name);
      if (instance == null
          || serving.contains(name)
          || instance.state() == Instance.State.RUNNING) {
        continue;
      }
      say(
          deployment,
          (out, build) -> {
            out.step(build, "Last lines of " + name.label());
            try {
              scheduler.lastLines(name, LAST_LINES).forEach(line -> out.detail(build, line));
            } catch (PaasException away) {
              out.detail(build, "(" + away.problem().what() + ")");
            }
          });
      return;
    }
  }

  void over(Deployment deployment) {
    unreachable.remove(deployment.id());
  }

  private interface Saying {
    void to(BuildOutput out, BuildId build);
  }

  private void say(Deployment deployment, Saying saying) {
    deployment
        .build()
        .ifPresent(number -> saying.to(output, new BuildId(deployment.app(), number)));
  }
}
