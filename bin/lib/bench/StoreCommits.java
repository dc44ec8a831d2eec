import dev.paas.api.store.H2Database;
import dev.paas.base.settings.PlatformSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;

/**
 * Commits rows to a new database that is opened as paasd's, every second time with the {@code CHECKPOINT SYNC} that paasd
 * lets follow: FOLDER COMMITS. Prints the microseconds of each, {@code sync N} or {@code plain N}.
 */
final class StoreCommits {
  private static final int WARM_UP = 200;

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder.resolve("db"));
    int commits = Integer.parseInt(arguments[1]);
    PlatformSettings settings = PlatformSettings.parse("bench", "[platform]\ndata = \"" + folder + "\"\n");
    String url = new H2Database(settings.platform()).url();
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("create table rows_of (n bigint primary key, text varchar(200) not null)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert = connection.prepareStatement("insert into rows_of values (?, ?)")) {
        for (int i = -WARM_UP; i < 2 * commits; i++) {
          boolean sync = i % 2 == 0;
          long begun = System.nanoTime();
          for (int row = 0; row < 2; row++) {
            insert.setLong(1, 2L * (i + WARM_UP) + row);
            insert.setString(2, "x".repeat(100));
            insert.executeUpdate();
          }
          connection.commit();
          if (sync) {
            statement.execute("CHECKPOINT SYNC");
          }
          long took = (System.nanoTime() - begun) / 1000;
          if (i >= 0) {
            System.out.println((sync ? "sync " : "plain ") + took);
          }
        }
      }
      statement.execute("SHUTDOWN");
    }
  }
}
