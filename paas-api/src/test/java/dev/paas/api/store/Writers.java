package dev.paas.api.store;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import dev.paas.base.settings.PlatformSettings;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.narayana.NarayanaTransactionIntegration;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A process that writes through the production store until it is killed: two rows a commit, and a
 * line on its standard output for each commit that was acknowledged. First it says what it found.
 */
final class Writers {
  static final int COUNT = 4;

  /** A writer's rows: whole pairs, the highest number, and how many rows have no other half. */
  private static final String FOUND =
      """
      select (select count(*) from pushes p join builds b
              on p.app = b.app and p.number = b.number and p.commit_id = b.commit_id
              where p.app = 'w%1$d') as pairs,
             (select count(*) from pushes where app = 'w%1$d')
               + (select count(*) from builds where app = 'w%1$d') as halves,
             greatest((select coalesce(max(number), 0) from pushes where app = 'w%1$d'),
                      (select coalesce(max(number), 0) from builds where app = 'w%1$d')) as highest
      """;

  private final AgroalDataSource source;
  private final Store store;
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);

  private Writers(Path data) throws SQLException {
    Database database = h2(data);
    source = source(database.url());
    store = store(source, database);
  }

  /** Connections as the production has them, without the container around. */
  static AgroalDataSource source(String url) throws SQLException {
    NarayanaTransactionIntegration transactions =
        new NarayanaTransactionIntegration(
            com.arjuna.ats.jta.TransactionManager.transactionManager(),
            new TransactionSynchronizationRegistryImple());
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(8)
                        .validateOnBorrow(true)
                        .connectionValidator(ConnectionValidator.defaultValidator())
                        .transactionIntegration(transactions)
                        .connectionFactoryConfiguration(
                            factory -> factory.jdbcUrl(url).principal(new NamePrincipal("sa")))));
  }

  /** The production database of a data folder. */
  static Database h2(Path data) {
    return new H2Database(
        PlatformSettings.parse("writers", "[platform]\ndata = \"" + data + "\"\n").platform());
  }

  /** The production store on these connections. */
  static Store store(AgroalDataSource source, Database database) {
    return new Store(
        source,
        com.arjuna.ats.jta.TransactionManager.transactionManager(),
        new StoreFailures(database),
        database);
  }

  static void execute(AgroalDataSource source, String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Arguments: the data folder, and {@code write} or {@code look}. */
  public static void main(String[] arguments) throws Exception {
    Writers writers = new Writers(Path.of(arguments[0]));
    long[] last = new long[COUNT];
    for (int i = 0; i < COUNT; i++) {
      last[i] = writers.found(i);
    }
    if (arguments[1].equals("look")) {
      writers.write(COUNT, 0);
      writers.source.close();
      return;
    }
    writers.say("ready");
    for (int i = 0; i < COUNT; i++) {
      int writer = i;
      new Thread(() -> writers.keepWriting(writer, last[writer]), "writer-" + i).start();
    }
  }

  private void keepWriting(int writer, long last) {
    for (long number = last + 1; ; number++) {
      write(writer, number);
      say(writer + " " + number);
    }
  }

  private void write(int writer, long number) {
    store.write(
        () -> {
          String text = "x".repeat((int) (number % 40)) + number;
          insert(
              "insert into pushes (app, number, user_name, branch, old_commit, commit_id, state,"
                  + " created_at) values (?, ?, 'u', 'main', '', ?, 'ACCEPTED', current_timestamp)",
              writer,
              number,
              text);
          insert(
              "insert into builds (app, number, commit_id, state, named, created_at)"
                  + " values (?, ?, ?, 'WAITING', false, current_timestamp)",
              writer,
              number,
              text);
        });
  }

  private void insert(String sql, int writer, long number, String text) {
    try (Connection connection = source.getConnection();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, "w" + writer);
      insert.setLong(2, number);
      insert.setString(3, text);
      insert.executeUpdate();
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Says "found WRITER PAIRS HIGHEST HALVES"; the answer is the highest number. */
  private long found(int writer) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement select = connection.prepareStatement(FOUND.formatted(writer));
        ResultSet row = select.executeQuery()) {
      row.next();
      long pairs = row.getLong("pairs");
      long alone = row.getLong("halves") - 2 * pairs;
      long highest = row.getLong("highest");
      say("found " + writer + " " + pairs + " " + highest + " " + alone);
      return highest;
    }
  }

  /** One write call a line: what was said before the kill is in the pipe. */
  private synchronized void say(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException nobodyListens) {
      throw new UncheckedIOException(nobodyListens);
    }
  }
}
