package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Store} promises, whatever the product of the database is. */
@Timeout(120)
abstract class StoreContract {

  private static final String PUSH =
      "insert into pushes (app, number, user_name, branch, old_commit, commit_id, state, created_at)"
          + " values ('shop', %d, 'ann', 'main', '', 'c', 'pending', current_timestamp)";

  private Database database;
  private AgroalDataSource source;
  private Store store;

  /** A database of the product, without tables. */
  abstract Database fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    database = fresh();
    Migrations.run(database);
    source = Writers.source(database.url());
    store = Writers.store(source, database);
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void workThatThrowsLeavesNothingAndWakesNobody() {
    List<String> woken = new ArrayList<>();
    assertThatThrownBy(
            () ->
                store.write(
                    () -> {
                      push(source, 1);
                      store.afterCommit(() -> woken.add("after"));
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no");
    assertThat(pushes(source)).isZero();
    assertThat(woken).isEmpty();
  }

  @Test
  void aRowThatTheDatabaseRefusesTakesTheWholeCommitWithIt() {
    store.write(() -> push(source, 1));
    assertThatThrownBy(
            () ->
                store.write(
                    () -> {
                      push(source, 2);
                      push(source, 1);
                    }))
        .isNotInstanceOf(StoreFailedException.class)
        .hasCauseInstanceOf(SQLException.class);
    assertThat(pushes(source)).isEqualTo(1);
    store.write(() -> push(source, 2));
    assertThat(pushes(source)).isEqualTo(2);
  }

  @Test
  void aReaderNeitherWaitsForACommitNorSeesHalfOfIt() {
    long seen =
        store.commit(
            () -> {
              push(source, 1);
              FutureTask<Long> reader = new FutureTask<>(() -> store.read(() -> pushes(source)));
              start(reader);
              long meanwhile = result(reader);
              push(source, 2);
              return meanwhile;
            });
    assertThat(seen).isZero();
    assertThat(store.read(() -> pushes(source))).isEqualTo(2);
  }

  @Test
  void noWorkBeginsBeforeTheCommitBeforeItIsDurable() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Store slow = Writers.store(source, new Slow(database, asked, done));
    noWorkBeginsBefore(slow, () -> push(source, 1), asked, done);
    assertThat(pushes(source)).isEqualTo(1);
  }

  /** Two processes have no lock in common: what they may not both write, a key forbids. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ':',
      quoteCharacter = '"',
      value = {
        "pushes: app, number, user_name, branch, old_commit, commit_id, state"
            + ": 'shop', 7, 'ann', 'main', '', 'c', 'pending'",
        "builds: app, number, commit_id, state, named: 'shop', 7, 'c', 'queued', false",
        "releases: app, version, image, config_version, processes, port, commit_id, user_name,"
            + " description: 'shop', 7, 'i', 1, '{}', 80, 'c', 'ann', ''",
        "config_versions: app, version, sealed, created_by: 'shop', 7, '', 'ann'",
        "apps: name, owner: 'new', 'ann'",
        "users: name, admin: 'new', false",
        "ssh_keys: fingerprint, user_name, name, type, key_text: 'f', 'ann', 'laptop', 't', 'k'",
        "tokens: hash, user_name, name, prefix: 'h', 'ann', 'laptop', 'p'",
        "domains: host, app: 'shop.example.org', 'shop'",
        "answers: user_name, idempotency_key, request_hash, status, media_type, body"
            + ": 'ann', 'k', 'h', 200, 'text/plain', ''",
      })
  void ofTwoProcessesThatWriteTheSameKeyOneIsRefused(String table, String columns, String values)
      throws Exception {
    store.write(
        () -> {
          Writers.execute(source, "insert into users values ('ann', false, current_timestamp)");
          Writers.execute(
              source,
              "insert into apps (name, owner, created_at) values ('shop', 'ann', current_timestamp)");
        });
    String insert =
        "insert into %s (%s, created_at) values (%s, current_timestamp)"
            .formatted(table, columns, values);
    CyclicBarrier bothHaveBegun = new CyclicBarrier(2);
    try (AgroalDataSource otherSource = Writers.source(database.url())) {
      Store other = Writers.store(otherSource, database);
      FutureTask<Optional<RuntimeException>> first =
          new FutureTask<>(() -> failure(store, source, bothHaveBegun, insert));
      FutureTask<Optional<RuntimeException>> second =
          new FutureTask<>(() -> failure(other, otherSource, bothHaveBegun, insert));
      start(first);
      start(second);
      List<RuntimeException> refused = new ArrayList<>();
      for (FutureTask<Optional<RuntimeException>> each : List.of(first, second)) {
        each.get().ifPresent(refused::add);
      }
      assertThat(refused).singleElement().isNotInstanceOf(StoreFailedException.class);
    }
  }

  private static Optional<RuntimeException> failure(
      Store store, AgroalDataSource source, CyclicBarrier bothHaveBegun, String insert) {
    try {
      store.write(
          () -> {
            pushes(source);
            await(bothHaveBegun);
            Writers.execute(source, insert);
          });
      return Optional.empty();
    } catch (RuntimeException refused) {
      return Optional.of(refused);
    }
  }

  /** The first write has asked for the disk; the second must wait until the disk has answered. */
  static void noWorkBeginsBefore(
      Store store, Runnable work, CountDownLatch asked, CountDownLatch done) throws Exception {
    Thread first = new Thread(() -> store.write(work));
    first.start();
    asked.await();
    AtomicBoolean began = new AtomicBoolean();
    Thread second = new Thread(() -> store.write(() -> began.set(true)));
    second.start();
    try {
      while (!began.get() && second.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(began).isFalse();
    } finally {
      done.countDown();
    }
    first.join();
    second.join();
    assertThat(began).isTrue();
  }

  static void push(AgroalDataSource source, long number) {
    Writers.execute(source, PUSH.formatted(number));
  }

  static long pushes(AgroalDataSource source) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from pushes")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void start(FutureTask<?> task) {
    new Thread(task).start();
  }

  private static <T> T result(FutureTask<T> task) {
    try {
      return task.get();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** A product whose disk takes as long as the test wants. */
  private record Slow(Database product, CountDownLatch asked, CountDownLatch done)
      implements Database {

    @Override
    public String url() {
      return product.url();
    }

    @Override
    public List<String> migrations() {
      return product.migrations();
    }

    @Override
    public boolean hasRoom() {
      return product.hasRoom();
    }

    @Override
    public void makeDurable(DataSource connections) throws SQLException {
      asked.countDown();
      try {
        done.await();
      } catch (InterruptedException stopped) {
        throw new SQLException(stopped);
      }
      product.makeDurable(connections);
    }

    @Override
    public Trouble trouble(Throwable cause) {
      return product.trouble(cause);
    }
  }
}
