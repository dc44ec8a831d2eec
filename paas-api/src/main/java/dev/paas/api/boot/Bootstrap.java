package dev.paas.api.boot;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.paas.api.store.Database;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.ListenAddress;
import dev.paas.base.settings.PlatformSettings;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;

/** Translates the platform's settings to those of Quarkus; pure. */
final class Bootstrap {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

  /** Open files of paasd itself: jars, the database, loops, listeners, the daemons' sockets. */
  private static final int OWN_FILES = 240;

  /** Connections of the API, and of SSH, that must be possible at least. */
  private static final int FEWEST_CONNECTIONS = 8;

  /**
   * How the transaction manager tells its process from others: by default by a port that it listens
   * at and where nobody is ever answered.
   */
  private static final String PROCESS_ID_PROPERTY =
      "com.arjuna.ats.arjuna.common.CoreEnvironmentBean.processImplementationClassName";

  private Bootstrap() {}

  /**
   * @param openFiles how many files paasd may have open
   */
  static Map<String, String> properties(
      PlatformSettings settings, Database database, long openFiles) {
    ListenAddress listen = settings.api().listen();
    if (!LOOPBACK.contains(listen.host())) {
      throw Problem.of(
              Kind.INVALID,
              "settings.bad-value",
              "The setting api.listen is not a loopback address and a port",
              listen.toString(),
              "Write it like 127.0.0.1:7410; the API is for this host, tokens would cross the network readable.")
          .asException();
    }
    return Map.of(
        "quarkus.http.host",
        listen.urlHost(),
        "quarkus.http.port",
        String.valueOf(listen.port()),
        "quarkus.http.limits.max-connections",
        String.valueOf(connections(settings.api().maxConnections(), openFiles)),
        "quarkus.http.limits.max-body-size",
        String.valueOf(
            Math.max(settings.api().maxBody().bytes(), settings.api().maxImport().bytes())),
        "quarkus.datasource.jdbc.url",
        database.url(),
        PROCESS_ID_PROPERTY,
        "com.arjuna.ats.internal.arjuna.utils.UuidProcessId");
  }

  /** The limit of this process, which no operating system but Unix tells. */
  static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /**
   * No more SSH connections than open files are left for: a quarter of what paasd itself does not
   * need, half of it for connections with a key and half for those without.
   */
  static PlatformSettings.Ssh ssh(PlatformSettings.Ssh settings, long openFiles) {
    long most = Math.max(FEWEST_CONNECTIONS, (openFiles - OWN_FILES) / 8);
    return settings.withAtMost((int) Math.min(Integer.MAX_VALUE, most));
  }

  /** What the limit of open files leaves is for pushes too, and for what is opened meanwhile. */
  private static long connections(int wanted, long openFiles) {
    return Math.min(wanted, Math.max(FEWEST_CONNECTIONS, (openFiles - OWN_FILES) / 2));
  }
}
