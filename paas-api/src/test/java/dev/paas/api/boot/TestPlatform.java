package dev.paas.api.boot;

import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeNames;
import dev.paas.api.store.Database;
import dev.paas.api.store.H2Database;
import dev.paas.api.store.PostgreSql;
import dev.paas.api.store.PostgreSqlServer;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fresh platform in a temporary folder for {@code @QuarkusTest}: real settings file, real
 * database, stand-ins for the other daemons at their sockets.
 */
public final class TestPlatform implements QuarkusTestResourceLifecycleManager {

  /** The key of the first admin; nobody has its private half. */
  public static final String ADMIN_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  /** The name of an argument: the platform's database is PostgreSQL's, not H2's. */
  static final String ON_POSTGRESQL = "on-postgresql";

  /** The name of an argument: how long instances have to listen, in place of two seconds. */
  static final String BOOT_TIMEOUT = "boot-timeout";

  private boolean onPostgreSql;
  private String bootTimeout = "2s";
  private @Nullable PostgreSqlServer server;
  private @Nullable TestFolder folder;
  private @Nullable FakeDaemons daemons;
  private @Nullable FakeNames names;

  @Override
  public void init(Map<String, String> arguments) {
    onPostgreSql = arguments.containsKey(ON_POSTGRESQL);
    bootTimeout = arguments.getOrDefault(BOOT_TIMEOUT, bootTimeout);
  }

  @Override
  public Map<String, String> start() {
    // One that a platform before this one has registered has classes of another loader.
    Security.removeProvider("BC");
    try {
      TestFolder fresh = TestFolder.make("paas-api-test");
      folder = fresh;
      Path made = fresh.path();
      Files.createDirectories(made.resolve("data/db"));
      Files.writeString(made.resolve("data/db/first-admin.pub"), ADMIN_KEY + " first\n");
      FakeNames resolver = new FakeNames();
      names = resolver;
      Path file = made.resolve("paas.toml");
      Files.writeString(
          file,
          """
          [platform]
          id = "apitest"
          domain = "apps.test"
          data = "%1$s/data"
          run = "%1$s/run"
          [api]
          listen = "127.0.0.1:0"
          max-body = "1MiB"
          fault-points = true
          [ssh]
          listen = "127.0.0.1:0"
          [deploy]
          boot-timeout = "%3$s"
          [router]
          http = "127.0.0.1:0"
          https = "127.0.0.1:8443"
          [domains]
          resolver = "%2$s"
          addresses = ["192.0.2.10", "2001:db8::10"]
          lookup-timeout = "1s"
          """
              .formatted(made, resolver.address(), bootTimeout));
      PlatformSettings settings = PlatformSettings.load(file);
      Map<String, String> properties =
          new HashMap<>(Bootstrap.properties(settings, database(settings, made), 65_536));
      properties.put("paas.config", file.toString());
      properties.put("quarkus.http.test-port", "0");
      daemons = new FakeDaemons(settings.platform().run());
      return properties;
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private Database database(PlatformSettings settings, Path made) throws IOException {
    if (!onPostgreSql) {
      return new H2Database(settings.platform());
    }
    PostgreSqlServer started = PostgreSqlServer.startIn(made);
    server = started;
    return new PostgreSql(started.url("postgres"));
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(daemons, new TestInjector.MatchesType(FakeDaemons.class));
    injector.injectIntoFields(names, new TestInjector.MatchesType(FakeNames.class));
  }

  @Override
  public void stop() {
    // MINA registers it with the JVM: the next application would get keys of this one's classes.
    Security.removeProvider("BC");
    TestFolder made = folder;
    if (made == null) {
      return;
    }
    if (names != null) {
      names.close();
    }
    try (made) {
      if (daemons != null) {
        daemons.close();
      }
      if (server != null) {
        server.close();
      }
    } catch (IOException stays) {
      throw new UncheckedIOException(stays);
    }
  }
}
