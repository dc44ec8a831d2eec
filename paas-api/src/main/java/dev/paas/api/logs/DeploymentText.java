package dev.paas.api.logs;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentMoved;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.base.problem.Problem;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people are told of a deployment in an app's log: that it serves, or that it failed. */
final class DeploymentText {

  private DeploymentText() {}

  /**
   * @param description of its release, e.g. {@code Deploy 1a2b3c4}
   * @return nothing where the state says nothing new
   */
  static Optional<String> of(DeploymentMoved moved, Optional<String> description) {
    Deployment deployment = moved.deployment();
    boolean serves = moved.state().serves() && !deployment.state().serves();
    boolean fails = moved.state().problem().isPresent() && deployment.state().problem().isEmpty();
    if (serves) {
      return Optional.of(done(deployment, description));
    }
    return fails
        ? moved.state().problem().map(why -> failed(deployment, description, why))
        : Optional.empty();
  }

  private static String done(Deployment deployment, Optional<String> description) {
    String by = " (" + deployment.user() + ")";
    if (deployment.request() instanceof DeploymentRequest.Scale scale) {
      return "scaled to " + quantities(scale) + by;
    } else if (deployment.request() instanceof DeploymentRequest.Restart restart) {
      return (restart.process() == null ? "restarted" : "restarted " + restart.process()) + by;
    }
    String what = description.map(text -> text + ", ").orElse("");
    return release(deployment) + " serves (" + what + deployment.user() + ")";
  }

  private static String failed(Deployment deployment, Optional<String> description, Problem why) {
    String what;
    if (deployment.request() instanceof DeploymentRequest.Scale scale) {
      what = "the scale to " + quantities(scale) + " (" + deployment.user() + ")";
    } else if (deployment.request() instanceof DeploymentRequest.Restart) {
      what = "the restart (" + deployment.user() + ")";
    } else {
      String of = description.map(text -> text + ", ").orElse("");
      what = release(deployment) + " (" + of + deployment.user() + ")";
    }
    String value = why.value().isEmpty() ? "" : ": " + why.value();
    return what + " failed: " + why.what() + value;
  }

  private static String release(Deployment deployment) {
    // Of what is refused when its turn comes there is no release.
    boolean config = deployment.request() instanceof DeploymentRequest.Config;
    String request = config ? "the change of config vars" : "the " + deployment.request().kind();
    return deployment.release().map(Object::toString).orElse(request);
  }

  private static String quantities(DeploymentRequest.Scale scale) {
    return scale.processes().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
