package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import io.agroal.api.AgroalDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on the distribution's PostgreSQL. */
final class StoreOnPostgreSqlIT extends StoreContract {

  private static final int CRASHES = 5;
  private static final int WRITERS = 4;
  private static final int COMMITS_BEFORE_A_CRASH = 20;
  private static final AtomicInteger DATABASES = new AtomicInteger();

  @TempDir static Path folder;

  private static PostgreSqlServer server;

  @BeforeAll
  static void startServer() throws IOException {
    server = PostgreSqlServer.startIn(folder);
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Override
  Database fresh() throws SQLException {
    return new PostgreSql(server.create("store" + DATABASES.incrementAndGet()));
  }

  @Test
  void aServerThatIsAwayIsAProblemUntilItIsBack() throws Exception {
    Database database = fresh();
    try (AgroalDataSource source = Writers.source(database.url())) {
      Store store = Writers.store(source, database);
      store.write(() -> Writers.execute(source, "create table t (n int primary key)"));
      server.crash();
      try {
        assertThatThrownBy(() -> insert(store, source, 1))
            .isInstanceOfSatisfying(
                PaasException.class,
                away -> assertThat(away.problem().code()).isEqualTo("store.unavailable"));
      } finally {
        server.start();
      }
      insert(store, source, 1);
      assertThatThrownBy(() -> insert(store, source, 1))
          .isNotInstanceOf(StoreFailedException.class);
    }
  }

  @Test
  void everyAcknowledgedCommitSurvivesACrashOfTheServer() throws Exception {
    Database database = fresh();
    try (AgroalDataSource source = Writers.source(database.url())) {
      Store store = Writers.store(source, database);
      store.write(
          () -> {
            Writers.execute(source, "create table one (writer int, n bigint)");
            Writers.execute(source, "create table other (writer int, n bigint)");
          });
      long[] before = new long[WRITERS];
      for (int crash = 0; crash < CRASHES; crash++) {
        long[] acknowledged = writeUntilACrash(store, source, before);
        server.start();
        for (int writer = 0; writer < WRITERS; writer++) {
          String of = " where writer = " + writer;
          long there = count(source, "one" + of);
          assertThat(count(source, "other" + of)).as("halves of commits").isEqualTo(there);
          assertThat(there)
              .as("commits of writer %d after crash %d", writer, crash)
              .isBetween(acknowledged[writer], acknowledged[writer] + 1);
          before[writer] = there;
        }
      }
    }
  }

  /** Says how many commits of each writer were acknowledged, those before included. */
  private static long[] writeUntilACrash(Store store, AgroalDataSource source, long[] before)
      throws Exception {
    CountDownLatch enough = new CountDownLatch(COMMITS_BEFORE_A_CRASH);
    List<AtomicLong> acknowledged = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      AtomicLong mine = new AtomicLong(before[i]);
      acknowledged.add(mine);
      threads.add(new Thread(() -> writeUntilItFails(store, source, writer, mine, enough)));
    }
    threads.forEach(Thread::start);
    enough.await();
    server.crash();
    for (Thread thread : threads) {
      thread.join();
    }
    return acknowledged.stream().mapToLong(AtomicLong::get).toArray();
  }

  private static void writeUntilItFails(
      Store store, AgroalDataSource source, int writer, AtomicLong mine, CountDownLatch enough) {
    try {
      while (true) {
        String values = " values (" + writer + ", " + (mine.get() + 1) + ")";
        store.write(
            () -> {
              Writers.execute(source, "insert into one" + values);
              Writers.execute(source, "insert into other" + values);
            });
        mine.incrementAndGet();
        enough.countDown();
      }
    } catch (RuntimeException crashed) {
      // The server is gone, which is what the test did.
    }
  }

  private static void insert(Store store, AgroalDataSource source, int number) {
    store.write(() -> Writers.execute(source, "insert into t values (" + number + ")"));
  }

  private static long count(AgroalDataSource source, String rows) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select count(*) from " + rows)) {
      row.next();
      return row.getLong(1);
    }
  }
}
