package dev.paas.api.release;

import dev.paas.api.app.Apps;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The releases of apps: written once, never changed. */
@ApplicationScoped
public class Releases {

  private final Store store;
  private final Apps apps;

  public Releases(Store store, Apps apps) {
    this.store = store;
    this.apps = apps;
  }

  /** Records the release that {@code make} makes of the next version; part of a commit. */
  public Release create(AppName app, Function<ReleaseVersion, Release> make) {
    return store.commit(
        () -> {
          apps.hold(app);
          ReleaseVersion next =
              newest(app).map(release -> release.version().next()).orElse(new ReleaseVersion(1));
          Release release = make.apply(next);
          ReleaseRow.of(release).persist();
          return release;
        });
  }

  public Optional<Release> newest(AppName app) {
    return store.read(
        () ->
            ReleaseRow.<ReleaseRow>find("app = ?1 order by version desc", app.value())
                .firstResultOptional()
                .map(ReleaseRow::release));
  }

  public Optional<Release> find(AppName app, ReleaseVersion version) {
    return store.read(
        () ->
            ReleaseRow.<ReleaseRow>find("app = ?1 and version = ?2", app.value(), version.number())
                .firstResultOptional()
                .map(ReleaseRow::release));
  }

  /**
   * The release of this version.
   *
   * @throws dev.paas.base.problem.PaasException {@code release.not-found}
   */
  public Release get(AppName app, ReleaseVersion version) {
    return find(app, version)
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "release.not-found",
                        "The app has no such release",
                        version.toString(),
                        newest(app)
                                .map(newest -> "The newest is " + newest.version() + ". ")
                                .orElse("")
                            + "See paas releases.")
                    .asException());
  }

  /** Newest first. */
  public List<Release> list(AppName app) {
    return store.read(
        () ->
            ReleaseRow.<ReleaseRow>list("app = ?1 order by version desc", app.value()).stream()
                .map(ReleaseRow::release)
                .toList());
  }

  /** Forgets an app's releases. */
  public void delete(AppName app) {
    store.write(() -> ReleaseRow.delete("app", app.value()));
  }
}
