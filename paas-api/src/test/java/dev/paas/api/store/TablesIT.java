package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where products need migrations of their own, the tables are the same all the same. */
final class TablesIT {

  private static final String COLUMNS =
      """
      select table_name, column_name, data_type, character_maximum_length, is_nullable, is_identity,
             datetime_precision, column_default
      from information_schema.columns where lower(table_schema) = 'public'
      """;

  /** Keys by their columns: each product names them by itself. */
  private static final String KEYS =
      """
      select c.table_name, c.constraint_type, k.ordinal_position, k.column_name,
             k.position_in_unique_constraint, f.delete_rule, f.update_rule
      from information_schema.table_constraints c
      join information_schema.key_column_usage k
        on k.constraint_name = c.constraint_name and k.table_name = c.table_name
      left join information_schema.referential_constraints f
        on f.constraint_name = c.constraint_name
      where lower(c.table_schema) = 'public'
      """;

  @TempDir Path folder;

  @Test
  void eachProductEndsWithTheSameTablesKeysAndIndexes() throws Exception {
    Files.createDirectories(folder.resolve("db"));
    List<String> h2 = tables(Writers.h2(folder));
    assertThat(h2)
        .contains(
            "pushes number bigint null no no null null",
            "pushes primary key 2 number null null null",
            "domains primary key 1 host null null null",
            "index pushes_by_state many 1 state A");
    try (PostgreSqlServer server = PostgreSqlServer.startIn(folder)) {
      assertThat(tables(new PostgreSql(server.create("paas")))).isEqualTo(h2);
    }
  }

  private static List<String> tables(Database product) throws SQLException {
    Migrations.run(product);
    try (Connection connection = Migrations.connect(product)) {
      TreeSet<String> found = new TreeSet<>();
      found.addAll(rows(connection, COLUMNS));
      found.addAll(rows(connection, KEYS));
      found.addAll(indexes(connection));
      found.removeIf(row -> row.contains("flyway_schema_history"));
      return List.copyOf(found);
    }
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(word(rows.getString(i) + ""));
        }
        // PostgreSQL's only type for bytes has no length; a check has the limit.
        if (row.get(2).equals("bytes")) {
          row.set(3, "null");
        }
        found.add(String.join(" ", row));
      }
    }
    return found;
  }

  /** The same word for the same thing. */
  private static String word(String said) {
    String word = said.toLowerCase(Locale.ROOT).replaceAll("::.*", "").replace("'", "");
    return word.equals("bytea") || word.equals("binary varying") ? "bytes" : word;
  }

  /** Those that a migration names; the products make others for their keys. */
  private static List<String> indexes(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE", "BASE TABLE"})) {
      while (rows.next()) {
        tables.add(rows.getString("TABLE_NAME"));
      }
    }
    for (String table : tables) {
      try (ResultSet rows = connection.getMetaData().getIndexInfo(null, null, table, false, true)) {
        while (rows.next()) {
          String name = (rows.getString("INDEX_NAME") + "").toLowerCase(Locale.ROOT);
          if (name.contains("_by_")) {
            found.add(
                String.join(
                    " ",
                    "index",
                    name,
                    rows.getBoolean("NON_UNIQUE") ? "many" : "unique",
                    rows.getString("ORDINAL_POSITION"),
                    rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT),
                    rows.getString("ASC_OR_DESC")));
          }
        }
      }
    }
    return found;
  }
}
