package dev.paas.api.rollback;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.deploy.OldImages;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the API shows of releases. */
@ApplicationScoped
class ReleaseViews {

  private final Releases releases;
  private final Formations formations;
  private final Deployments deployments;
  private final OldImages images;

  /**
   * A release as the API shows it.
   *
   * @param state what has become of it
   * @param kept its image is there, so that a rollback reaches it
   */
  public record ReleaseView(
      String version,
      Instant createdAt,
      String state,
      boolean current,
      boolean kept,
      String image,
      String description,
      String commit,
      String user,
      int configVersion,
      SortedMap<String, String> processes) {}

  ReleaseViews(
      Releases releases, Formations formations, Deployments deployments, OldImages images) {
    this.releases = releases;
    this.formations = formations;
    this.deployments = deployments;
    this.images = images;
  }

  /** Newest first. */
  List<ReleaseView> list(AppName app) {
    Known known = known(app);
    return releases.list(app).stream().map(known::view).toList();
  }

  /**
   * The release of this version.
   *
   * @throws dev.paas.base.problem.PaasException {@code release.not-found}
   */
  ReleaseView get(AppName app, ReleaseVersion version) {
    return known(app).view(releases.get(app, version));
  }

  private Known known(AppName app) {
    return new Known(
        formations.of(app).release(),
        deployments.failedReleases(app),
        deployments.open(app).stream()
            .filter(Deployment::isComing)
            .flatMap(deployment -> deployment.release().stream())
            .collect(Collectors.toSet()),
        images.kept(app));
  }

  /** What decides the state of an app's releases. */
  private record Known(
      Optional<ReleaseVersion> serving,
      Set<ReleaseVersion> failed,
      Set<ReleaseVersion> coming,
      Set<String> kept) {

    ReleaseState state(ReleaseVersion version) {
      if (serving.filter(version::equals).isPresent()) {
        return ReleaseState.CURRENT;
      } else if (failed.contains(version)) {
        return ReleaseState.FAILED;
      }
      return coming.contains(version) ? ReleaseState.PENDING : ReleaseState.SUPERSEDED;
    }

    ReleaseView view(Release release) {
      SortedMap<String, String> processes = new TreeMap<>();
      release
          .processes()
          .forEach((process, spec) -> processes.put(process.value(), spec.command().shown()));
      ReleaseState state = state(release.version());
      return new ReleaseView(
          release.version().toString(),
          release.createdAt(),
          state.shown(),
          state == ReleaseState.CURRENT,
          kept.contains(release.image()),
          release.image(),
          release.description(),
          release.commit(),
          release.user(),
          release.configVersion(),
          processes);
    }
  }
}
