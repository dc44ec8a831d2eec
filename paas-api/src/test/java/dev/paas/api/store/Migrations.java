package dev.paas.api.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;

/** A database of any product as a version of the platform left it, and what is in its tables. */
final class Migrations {

  private Migrations() {}

  /** Brings it to the newest version. */
  static void run(Database database) {
    to(database, MigrationVersion.LATEST);
  }

  /** Brings it to an older version, e.g. {@code 109}, or from there to the newest. */
  static void to(Database database, String version) {
    to(database, MigrationVersion.fromVersion(version));
  }

  private static void to(Database database, MigrationVersion version) {
    Flyway.configure()
        .dataSource(database.url(), PostgreSqlServer.USER, "")
        .locations(database.migrations().toArray(String[]::new))
        .target(version)
        .load()
        .migrate();
  }

  static Connection connect(Database database) throws SQLException {
    return DriverManager.getConnection(database.url(), PostgreSqlServer.USER, "");
  }

  static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Each row as its values with a space between them. */
  static List<String> rows(Database database, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
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
}
