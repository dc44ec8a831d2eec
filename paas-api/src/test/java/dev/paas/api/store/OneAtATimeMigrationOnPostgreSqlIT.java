package dev.paas.api.store;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class OneAtATimeMigrationOnPostgreSqlIT extends OneAtATimeMigrationIT {

  private @Nullable PostgreSqlServer server;

  @Override
  Database fresh() throws Exception {
    PostgreSqlServer started = PostgreSqlServer.startIn(folder);
    server = started;
    return new PostgreSql(started.create("paas"));
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }
}
