package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database of a version in which only paasd saw to it that an app has one pending push and one
 * deployment in progress.
 */
class OneAtATimeMigrationIT {

  /** The SQLSTATE of every product. */
  private static final String UNIQUE_VIOLATION = "23505";

  @TempDir Path folder;

  private Database database;

  /** One without tables. */
  Database fresh() throws Exception {
    Files.createDirectories(folder.resolve("db"));
    return Writers.h2(folder);
  }

  @BeforeEach
  void breakTheRules() throws Exception {
    database = fresh();
    Migrations.to(database, "109");
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
    Migrations.run(database);
  }

  @Test
  void theFirstPendingPushStaysAndOthersEndWithAReason() throws Exception {
    assertThat(
            rows(
                "select app, number, state, pending_of,"
                    + " case when problem like '%push.superseded%' then 'superseded' end,"
                    + " case when finished_at is null then 'open' else 'over' end"
                    + " from pushes order by app, number"))
        .containsExactly(
            "blog 1 pending blog null open",
            "shop 1 deployed null null open",
            "shop 2 pending shop null open",
            "shop 3 declined null superseded over");
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
    refused("update pushes set pending_of = 'shop' where app = 'shop' and number = 1");
    refused("update deployments set active_of = 'shop' where id = 15");
    execute("update deployments set active_of = null where id = 12");
    execute("update deployments set active_of = 'shop' where id = 15");
  }

  private void refused(String sql) {
    assertThatThrownBy(() -> execute(sql))
        .isInstanceOfSatisfying(
            SQLException.class,
            taken -> assertThat(taken.getSQLState()).isEqualTo(UNIQUE_VIOLATION));
  }

  private void execute(String sql) throws SQLException {
    Migrations.execute(database, sql);
  }

  private List<String> rows(String query) throws SQLException {
    return Migrations.rows(database, query);
  }
}
