package dev.paas.api.boot;

import dev.paas.api.store.PostgreSql;
import dev.paas.api.store.PostgreSqlServer;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The control plane as a second augmentation of the same source makes it: with PostgreSQL, which is
 * what the build fixes, and otherwise unchanged.
 */
public final class OnPostgreSql implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.datasource.db-kind",
        "postgresql",
        "quarkus.datasource.username",
        PostgreSqlServer.USER,
        "quarkus.flyway.locations",
        String.join(",", new PostgreSql("").migrations()));
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(PostgreSql.class);
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(
        new TestResourceEntry(TestPlatform.class, Map.of(TestPlatform.ON_POSTGRESQL, "true")));
  }

  /** Else the platform on H2 would be started beside this one. */
  @Override
  public boolean disableGlobalTestResources() {
    return true;
  }
}
