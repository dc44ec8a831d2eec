package dev.paas.api.formation;

import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is committed to serve, by app. */
@ApplicationScoped
public class Formations {

  private final Store store;

  public Formations(Store store) {
    this.store = store;
  }

  public Formation of(AppName app) {
    return store.read(
        () -> {
          FormationRow row = FormationRow.findById(app.value());
          return row == null ? Formation.none(app) : row.formation();
        });
  }

  /**
   * The release that serves an app.
   *
   * @throws dev.paas.base.problem.PaasException {@code release.none}
   */
  public ReleaseVersion serving(AppName app) {
    return of(app)
        .release()
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.IMPOSSIBLE,
                        "release.none",
                        "No release of the app has served yet",
                        "Push a version that starts: git push.")
                    .asException());
  }

  /** Apps that have a formation, with or without a release. */
  List<AppName> apps() {
    return store.read(
        () ->
            FormationRow.<FormationRow>listAll().stream()
                .map(row -> new AppName(row.app))
                .toList());
  }

  public void save(Formation formation) {
    store.write(
        () -> {
          FormationRow row = FormationRow.findById(formation.app().value());
          if (row == null) {
            row = new FormationRow();
            row.app = formation.app().value();
            row.take(formation);
            row.persist();
          } else {
            row.take(formation);
          }
        });
  }

  public void delete(AppName app) {
    store.write(() -> FormationRow.deleteById(app.value()));
  }
}
