package dev.paas.api.route;

import dev.paas.api.domain.Domains;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The hosts that an app answers at, as the router and as people need them. */
@ApplicationScoped
public class Hosts {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final Domains domains;
  private final PlatformSettings settings;
  private volatile Map<String, SiteRules> rules = Map.of();

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

  void rule(Map<String, SiteRules> siteRules) {
    rules = Map.copyOf(siteRules);
  }

  /** What the router says itself at a host. */
  SiteRules rules(String host) {
    return rules.getOrDefault(host, SiteRules.NONE);
  }

  /** Where people find the app, e.g. {@code https://shop.example.org}. */
  public String url(AppName app) {
    String host = domains.builtIn(app);
    if (rules(host.toLowerCase(Locale.ROOT)).secure()) {
      return "https://" + host + (securePort() == HTTPS ? "" : ":" + securePort());
    }
    int port = settings.router().http().first().port();
    return "http://" + host + (port == HTTP ? "" : ":" + port);
  }
}
