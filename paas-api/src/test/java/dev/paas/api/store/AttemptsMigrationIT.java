package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of a version that kept no account of deaths, with work under way. */
final class AttemptsMigrationIT {

  @TempDir Path folder;

  @Test
  void whatAnOlderVersionLeftUnderWayCountsAsOneDeath() throws Exception {
    Files.createDirectories(folder.resolve("db"));
    check(Writers.h2(folder));
  }

  @Test
  void onAnotherProductTheMigrationsDoTheSame() throws Exception {
    try (PostgreSqlServer server = PostgreSqlServer.startIn(folder)) {
      check(new PostgreSql(server.create("paas")));
    }
  }

  private static void check(Database product) throws Exception {
    Migrations.to(product, "105");
    try (Connection database = Migrations.connect(product);
        Statement statement = database.createStatement()) {
      for (String build : List.of("1, 'failed'", "2, 'running'", "3, 'queued'")) {
        String[] row = build.split(", ");
        statement.execute(
            "insert into builds (app, number, commit_id, state, named, created_at) values ('shop', "
                + row[0]
                + ", 'c', "
                + row[1]
                + ", false, now())");
      }
      for (String deployment :
          List.of(
              "11, 'starting', '{}'",
              "12, 'starting', null",
              "13, 'checking', '{}'",
              "14, 'draining', '{}'",
              "15, 'done', '{}'",
              "16, 'switching', '{}'")) {
        String[] row = deployment.split(", ");
        statement.execute(
            "insert into deployments (id, app, kind, request, user_name, goal, state, created_at)"
                + " values ("
                + row[0]
                + ", 'shop', 'deploy', '{}', 'ann', "
                + row[2]
                + ", "
                + row[1]
                + ", now())");
      }
    }
    Migrations.run(product);
    List<String> found = new ArrayList<>();
    try (Connection database = Migrations.connect(product);
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("select * from attempts order by number")) {
      while (rows.next()) {
        found.add(
            "%s %s %d: deaths %d, suspect %s, under way %s, lost %s, runtime %d"
                .formatted(
                    rows.getString("kind"),
                    rows.getString("app"),
                    rows.getLong("number"),
                    rows.getInt("deaths"),
                    rows.getBoolean("suspect"),
                    rows.getBoolean("under_way"),
                    rows.getBoolean("lost"),
                    rows.getLong("runtime_deaths")));
      }
    }
    String once = ": deaths 1, suspect true, under way false, lost false, runtime -1";
    assertThat(found)
        .containsExactly(
            "build shop 2" + once,
            "deployment shop 11" + once,
            "deployment shop 13" + once,
            "deployment shop 16" + once);
  }
}
