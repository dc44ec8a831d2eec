package dev.paas.api.boot;

import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import java.util.Map;
import java.util.Set;

/** Translates the platform's settings to those of Quarkus; pure. */
final class Bootstrap {

  /** How long a statement waits for another's row lock, in milliseconds. */
  private static final int LOCK_TIMEOUT_MS = 10_000;

  /** H2's page cache in KiB: the whole heap is 96 MiB. */
  private static final int CACHE_KIB = 4096;

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
        "quarkus.datasource.jdbc.url", url(settings));
  }

  /**
   * The database file. WRITE_DELAY=0: a commit is in the file, not only in the heap, before it
   * returns; store.Store adds the fsync.
   */
  private static String url(PlatformSettings settings) {
    return "jdbc:h2:file:"
        + settings.platform().data().resolve("db/paas").toAbsolutePath()
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT="
        + LOCK_TIMEOUT_MS
        + ";CACHE_SIZE="
        + CACHE_KIB;
  }
}
