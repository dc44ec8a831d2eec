package dev.paas.api.boot;

import dev.paas.api.store.DatabaseUrl;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import java.util.Map;
import java.util.Set;

/** Translates the platform's settings to those of Quarkus; pure. */
final class Bootstrap {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private Bootstrap() {}

  static Map<String, String> properties(PlatformSettings settings) {
    String listen = settings.api().listen();
    int colon = listen.lastIndexOf(':');
    if (colon < 1 || !LOOPBACK.contains(listen.substring(0, colon))) {
      throw Problem.of(
              "settings.bad-value",
              "The setting api.listen is not a loopback address and a port",
              listen,
              "Write it like 127.0.0.1:7410; the API is for this host, tokens would cross the network readable.")
          .asException();
    }
    return Map.of(
        "quarkus.http.host", listen.substring(0, colon),
        "quarkus.http.port", listen.substring(colon + 1),
        "quarkus.http.limits.max-body-size",
            String.valueOf(
                Math.max(settings.api().maxBody().bytes(), settings.api().maxImport().bytes())),
        "quarkus.datasource.jdbc.url", DatabaseUrl.of(settings.platform().data()));
  }
}
