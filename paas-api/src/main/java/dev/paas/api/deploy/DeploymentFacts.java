package dev.paas.api.deploy;

import dev.paas.api.app.AppFacts;
import dev.paas.api.config.ConfigRollout;
import dev.paas.api.formation.Formations;
import dev.paas.api.identity.User;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the earlier steps learn and ask of this one. */
@ApplicationScoped
class DeploymentFacts implements AppFacts, ConfigRollout {

  private final Formations formations;
  private final DeploymentRequests requests;
  private final DeploymentViews views;

  DeploymentFacts(Formations formations, DeploymentRequests requests, DeploymentViews views) {
    this.formations = formations;
    this.requests = requests;
    this.views = views;
  }

  @Override
  public Optional<String> release(AppName app) {
    return formations.of(app).release().map(ReleaseVersion::toString);
  }

  @Override
  public SortedMap<String, Integer> formation(AppName app) {
    SortedMap<String, Integer> quantities = new TreeMap<>();
    formations.of(app).quantities().forEach((process, n) -> quantities.put(process.value(), n));
    return quantities;
  }

  @Override
  public Optional<Object> rollOut(AppName app, int version, User user) {
    if (formations.of(app).release().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(views.of(requests.ask(app, new DeploymentRequest.Config(version), user)));
  }
}
