package dev.paas.api.route;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The hosts that an app answers at. */
@ApplicationScoped
public class Hosts {

  private static final int HTTP = 80;

  private final PlatformSettings settings;

  public Hosts(PlatformSettings settings) {
    this.settings = settings;
  }

  /** All of them, the built-in one first. */
  List<String> of(AppName app) {
    return List.of(builtIn(app));
  }

  /** Where people find the app, e.g. {@code http://shop.example.org}. */
  public String url(AppName app) {
    String listen = settings.router().http();
    int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    return "http://" + builtIn(app) + (port == HTTP ? "" : ":" + port);
  }

  private String builtIn(AppName app) {
    return app + "." + settings.platform().domain();
  }
}
