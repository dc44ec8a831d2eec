package dev.paas.api.route;

import dev.paas.api.domain.Domains;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/** The hosts that an app answers at, as the router and as people need them. */
@ApplicationScoped
public class Hosts {

  private static final int HTTP = 80;

  private final Domains domains;
  private final PlatformSettings settings;

  public Hosts(Domains domains, PlatformSettings settings) {
    this.domains = domains;
    this.settings = settings;
  }

  List<String> of(AppName app) {
    return domains.of(app).stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  /** The port that plain HTTP is sent to where that is to be; 0: there is no HTTPS. */
  int securePort() {
    return settings.router().https().all().isEmpty() ? 0 : settings.router().https().first().port();
  }

  /** Where people find the app, e.g. {@code http://shop.example.org}. */
  public String url(AppName app) {
    int port = settings.router().http().first().port();
    return "http://" + domains.builtIn(app) + (port == HTTP ? "" : ":" + port);
  }
}
