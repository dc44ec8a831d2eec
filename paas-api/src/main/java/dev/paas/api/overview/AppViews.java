package dev.paas.api.overview;

import dev.paas.api.app.App;
import dev.paas.api.domain.Domains;
import dev.paas.api.formation.Formation;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.route.Hosts;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers what the API shows of an app. */
@ApplicationScoped
class AppViews {

  private final PlatformSettings settings;
  private final Hosts hosts;
  private final Domains domains;
  private final Formations formations;

  AppViews(PlatformSettings settings, Hosts hosts, Domains domains, Formations formations) {
    this.settings = settings;
    this.hosts = hosts;
    this.domains = domains;
    this.formations = formations;
  }

  AppView of(App app) {
    String name = app.name().value();
    Formation formation = formations.of(app.name());
    SortedMap<String, Integer> quantities = new TreeMap<>();
    formation.quantities().forEach((process, n) -> quantities.put(process.value(), n));
    return new AppView(
        name,
        hosts.url(app.name()),
        gitUrl(name),
        app.createdAt(),
        formation.release().map(ReleaseVersion::toString).orElse(null),
        quantities,
        domains.of(app.name()));
  }

  private String gitUrl(String name) {
    return "ssh://paas@"
        + settings.platform().domain()
        + ":"
        + settings.ssh().listen().port()
        + "/"
        + name
        + ".git";
  }
}
