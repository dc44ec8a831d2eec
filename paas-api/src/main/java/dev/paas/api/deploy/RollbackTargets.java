package dev.paas.api.deploy;

import dev.paas.api.formation.Formations;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which release an app can be rolled back to. */
@ApplicationScoped
class RollbackTargets {

  private final Formations formations;
  private final Deployments deployments;
  private final Releases releases;
  private final OldImages images;

  RollbackTargets(
      Formations formations, Deployments deployments, Releases releases, OldImages images) {
    this.formations = formations;
    this.deployments = deployments;
    this.releases = releases;
    this.images = images;
  }

  /**
   * The named release, or when none is named the newest before the current one that has served.
   *
   * @throws dev.paas.base.problem.PaasException {@code release.none}, {@code release.not-found},
   *     {@code release.none-before}, {@code release.current}, {@code release.image-gone}
   */
  Release choose(AppName app, @Nullable String to) {
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
              "Roll back to a newer one, or "
                  + (target.commit().isEmpty()
                      ? "deploy its image again: paas deploy --image."
                      : "push its commit " + target.commit().substring(0, 7) + " again."))
          .asException();
    }
    return target;
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
}
