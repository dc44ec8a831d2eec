package dev.paas.api.formation;

import dev.paas.api.release.Release;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.Nearest;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The process types that an app has: those of the release that serves and of its newest one. */
@ApplicationScoped
public class KnownProcesses {

  private final Store store;
  private final Formations formations;
  private final Releases releases;

  public KnownProcesses(Store store, Formations formations, Releases releases) {
    this.store = store;
    this.formations = formations;
    this.releases = releases;
  }

  /**
   * Refuses the name of a process type that the app does not have. Before its first release any
   * name may come.
   *
   * @throws dev.paas.base.problem.PaasException {@code process.unknown}
   */
  public void require(AppName app, String process) {
    SortedSet<String> known = store.read(() -> of(app));
    if (!known.isEmpty() && !known.contains(process)) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "process.unknown",
              "The app has no such process type",
              process,
              Nearest.to(process, known)
                  .map(near -> "Did you mean " + near + "?")
                  .orElse("It has " + String.join(", ", known) + "."))
          .asException();
    }
  }

  private SortedSet<String> of(AppName app) {
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
}
