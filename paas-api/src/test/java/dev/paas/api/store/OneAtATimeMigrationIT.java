package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database of a version in which only paasd saw to it that an app has one pending push and one
 * deployment in progress.
 */
final class OneAtATimeMigrationIT {

  @TempDir Path folder;

  private String url;

  @BeforeEach
  void breakTheRules() throws SQLException {
    url = "jdbc:h2:file:" + folder.resolve("paas");
    migrate(MigrationVersion.fromVersion("109"));
    for (String push :
        List.of(
            "'shop', 1, 'deployed'",
            "'shop', 2, 'pending'",
            "'shop', 3, 'pending'",
            "'blog', 1, 'pending'")) {
      execute(
          "insert into pushes (app, number, state, user_name, branch, old_commit, commit_id,"
              + " created_at) values ("
              + push
              + ", 'ann', 'main', 'c0', 'c1', now())");
    }
    for (String build :
        List.of(
            "'shop', 1, 'succeeded'",
            "'shop', 2, 'running'",
            "'shop', 3, 'queued'",
            "'blog', 1, 'running'")) {
      execute(
          "insert into builds (app, number, state, commit_id, named, created_at) values ("
              + build
              + ", 'c1', false, now())");
    }
    for (String deployment :
        List.of(
            "11, 'shop', 'draining', '{}', 1",
            "12, 'shop', 'checking', '{}', 2",
            "13, 'shop', 'switching', '{}', 3",
            "14, 'shop', 'failing', '{}', 4",
            "15, 'shop', 'starting', null, null",
            "16, 'blog', 'failing', '{}', 1")) {
      execute(
          "insert into deployments (id, app, state, goal, release, kind, request, user_name,"
              + " created_at) values ("
              + deployment
              + ", 'deploy', '{}', 'ann', now())");
    }
    execute(
        "insert into deployments (id, app, state, goal, release, kind, request, user_name, created_at)"
            + " values (17, 'wiki', 'checking', '{}', 1, 'scale', '{}', 'ann', now())");
    migrate(MigrationVersion.LATEST);
  }

  @Test
  void theFirstPendingPushStaysAndOthersEndWithAReason() throws Exception {
    assertThat(
            rows(
                "select app, number, state, pending_of, problem like '%push.superseded%',"
                    + " finished_at is null from pushes order by app, number"))
        .containsExactly(
            "blog 1 pending blog null TRUE",
            "shop 1 deployed null null TRUE",
            "shop 2 pending shop null TRUE",
            "shop 3 declined null TRUE FALSE");
    assertThat(rows("select app, number, state from builds order by app, number"))
        .containsExactly("blog 1 running", "shop 1 succeeded", "shop 2 running", "shop 3 failed");
  }

  @Test
  void theFirstDeploymentInProgressStaysAndOthersWaitAgain() throws Exception {
    assertThat(rows("select id, state, active_of, goal, release from deployments order by id"))
        .containsExactly(
            "11 draining null {} 1",
            "12 checking shop {} 2",
            "13 starting null null null",
            "14 failed null {} 4",
            "15 starting null null null",
            "16 failing blog {} 1",
            "17 checking wiki capacity {} 1");
  }

  @Test
  void theDatabaseTakesNoSecondOfAnApp() throws Exception {
    assertThatThrownBy(
            () ->
                execute("update pushes set pending_of = 'shop' where app = 'shop' and number = 1"))
        .isInstanceOf(SQLIntegrityConstraintViolationException.class);
    assertThatThrownBy(() -> execute("update deployments set active_of = 'shop' where id = 15"))
        .isInstanceOf(SQLIntegrityConstraintViolationException.class);
    execute("update deployments set active_of = null where id = 12");
    execute("update deployments set active_of = 'shop' where id = 15");
  }

  private void execute(String sql) throws SQLException {
    try (Connection database = DriverManager.getConnection(url);
        Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection database = DriverManager.getConnection(url);
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(String.valueOf(rows.getString(i)));
        }
        found.add(String.join(" ", values));
      }
    }
    return found;
  }

  private void migrate(MigrationVersion version) {
    Flyway.configure()
        .dataSource(url, "", "")
        .locations("classpath:db/migration", "classpath:db/h2")
        .target(version)
        .load()
        .migrate();
  }
}
