package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;
import java.util.Optional;

/** Why new instances could not take over, in words that say what to fix. */
final class DeployProblems {

  private DeployProblems() {}

  static Problem notListening(InstanceName instance, int expected, Instance seen, Duration waited) {
    String found = elsewhere(seen).orElse("listens on no port");
    return Problem.of(
        Kind.IMPOSSIBLE,
        "deploy.not-listening",
        instance.label()
            + " did not listen on port "
            + expected
            + " within "
            + waited.toSeconds()
            + " s",
        seen.unreachable().isEmpty() ? found + ", expected " + expected : found,
        "Let the program listen on 0.0.0.0 and the port in the environment variable PORT.");
  }

  /** What an instance that has not taken over does instead, as far as the runtime knows. */
  static Optional<String> elsewhere(Instance instance) {
    if (!instance.unreachable().isEmpty()) {
      return Optional.of(instance.unreachable());
    }
    return instance.listening().stream()
        .map(String::valueOf)
        .reduce((some, next) -> some + ", " + next)
        .map(ports -> "listens on " + ports);
  }

  /** How a deployment goes on whose step failed again and again. */
  static DeploymentState internal(Deployment failing) {
    boolean switching = failing.state() instanceof DeploymentState.Switching;
    return ended(
        failing,
        switching
            ? Problem.of(
                Kind.IMPOSSIBLE,
                "deploy.internal",
                "The platform failed to switch to this version, which it goes on trying",
                "See paas ps and paas doctor; the operator finds the cause in the daemon's log.")
            : Problem.of(
                Kind.IMPOSSIBLE,
                "deploy.internal",
                "The platform failed to carry out this deployment",
                "Try again; if it stays, the operator finds the cause in paasd's log."));
  }

  /** How a deployment goes on at whose steps the control plane died. */
  static DeploymentState poisoned(Deployment failing) {
    return ended(
        failing,
        Problem.of(
            Kind.IMPOSSIBLE,
            "deploy.poisoned",
            "A daemon of the platform died "
                + Attempts.DEATHS
                + " times while only this deployment was under way",
            "Try something else; the operator finds the cause in paasd's log."));
  }

  private static DeploymentState ended(Deployment failing, Problem problem) {
    DeploymentState state = failing.state();
    if (state instanceof DeploymentState.Failing known) {
      return new DeploymentState.Failed(known.cause());
    }
    if (state instanceof DeploymentState.Draining) {
      return new DeploymentState.Done(); // it serves; that old instances go is nobody's wait
    }
    return state instanceof DeploymentState.Switching || failing.goal().isEmpty()
        ? new DeploymentState.Failed(problem)
        : new DeploymentState.Failing(problem);
  }

  static Problem exited(InstanceName instance, Exit exit) {
    boolean start = exit.reason() == Exit.Reason.START_FAILED;
    return Problem.of(
        Kind.IMPOSSIBLE,
        "deploy.exited",
        instance.label() + (start ? " could not be started" : " exited before it listened"),
        exit.detail().isEmpty() ? "code " + exit.code() : exit.detail(),
        switch (exit.reason()) {
          case OOM_KILLED -> "Let the program use less memory, or raise runtime.memory.";
          case DISK_FULL -> "Let the program write less to the disk, or raise runtime.disk.";
          case START_FAILED ->
              "Check the command of this process type and that its file is in the image.";
          case EXITED, SIGNALLED, UNKNOWN ->
              "Read its log (paas logs -a "
                  + instance.app()
                  + "); it must keep running and listen on the port in PORT.";
        });
  }
}
