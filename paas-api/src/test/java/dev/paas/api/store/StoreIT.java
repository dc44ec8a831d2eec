package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.access.Subject;
import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.identity.User;
import dev.paas.base.name.AppName;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class StoreIT {

  private static final Subject ADMIN = Subject.unlimited(new User("admin", true));

  @Inject Store store;
  @Inject Database database;
  @Inject AgroalDataSource source;
  @Inject Apps apps;

  @Test
  void aCommitThatThrowsLeavesNothingAndCallsNobody() {
    List<String> called = new ArrayList<>();
    assertThatThrownBy(
            () ->
                store.write(
                    () -> {
                      apps.create(ADMIN, Actor.PLATFORM, new AppName("rolledback"));
                      store.afterCommit(() -> called.add("after"));
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(apps.find(new AppName("rolledback"))).isEmpty();
    assertThat(called).isEmpty();
  }

  @Test
  void anInnerCommitJoinsTheOuterAndReadsSeeIt() {
    List<String> order = new ArrayList<>();
    App made =
        store.commit(
            () -> {
              App app = apps.create(ADMIN, Actor.PLATFORM, new AppName("nested"));
              store.afterCommit(() -> order.add("after"));
              assertThat(apps.find(new AppName("nested"))).isPresent();
              order.add("inside");
              return app;
            });
    assertThat(order).containsExactly("inside", "after");
    assertThat(apps.find(made.name())).contains(made);
  }

  /** The kind and the folders are fixed by the build, the rest is asked of the port. */
  @Test
  void theBuildTheConnectionsAndThePortAreOfOneProduct() throws SQLException {
    Config build = ConfigProvider.getConfig();
    try (Connection connection = source.getConnection()) {
      assertThat(connection.getMetaData().getDatabaseProductName())
          .isEqualToIgnoringCase(build.getValue("quarkus.datasource.db-kind", String.class));
    }
    assertThat(build.getValues("quarkus.flyway.locations", String.class))
        .isEqualTo(database.migrations());
    assertThat(build.getValue("quarkus.datasource.jdbc.url", String.class))
        .isEqualTo(database.url());
  }

  @Test
  void outsideACommitACallbackRunsAtOnce() {
    List<String> called = new ArrayList<>();
    store.afterCommit(() -> called.add("now"));
    assertThat(called).containsExactly("now");
  }
}
