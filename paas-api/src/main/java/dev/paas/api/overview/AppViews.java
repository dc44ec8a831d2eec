package dev.paas.api.overview;

import dev.paas.api.app.App;
import dev.paas.api.app.AppFacts;
import dev.paas.api.domain.Domains;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.TreeMap;

/** Gathers what the API shows of an app. */
@ApplicationScoped
class AppViews {

  private static final int HTTP = 80;

  private final PlatformSettings settings;
  private final Domains domains;
  private final Instance<AppFacts> facts;

  AppViews(PlatformSettings settings, Domains domains, Instance<AppFacts> facts) {
    this.settings = settings;
    this.domains = domains;
    this.facts = facts;
  }

  AppView of(App app) {
    String name = app.name().value();
    return new AppView(
        name,
        url(domains.builtIn(app.name())),
        gitUrl(name),
        app.createdAt(),
        facts.stream().findFirst().flatMap(f -> f.release(app.name())).orElse(null),
        facts.stream().findFirst().map(f -> f.formation(app.name())).orElseGet(TreeMap::new),
        domains.of(app.name()));
  }

  private String url(String host) {
    int port = settings.router().http().port();
    return "http://" + host + (port == HTTP ? "" : ":" + port);
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
