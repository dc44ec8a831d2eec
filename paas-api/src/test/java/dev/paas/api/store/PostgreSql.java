package dev.paas.api.store;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * PostgreSQL, which no program that is shipped knows: it shows that the store needs nothing that
 * only H2 has.
 *
 * <p>The codes are SQLSTATEs, see "PostgreSQL Error Codes" in its manual.
 */
@Alternative
@Singleton
public final class PostgreSql implements Database {

  /** No room on the server's disk. */
  private static final String DISK_FULL = "53100";

  /**
   * Classes of codes for a server that can't serve: 08 the connection failed, 53 it has not enough
   * of something, 57P it is stopping, starting or was killed, 58 the system around it failed, XX
   * its files are broken.
   */
  private static final List<String> AWAY = List.of("08", "53", "57P", "58", "XX");

  private final String url;

  public PostgreSql(@ConfigProperty(name = "quarkus.datasource.jdbc.url") String url) {
    this.url = url;
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public List<String> migrations() {
    return List.of("db/migration", "db/postgresql");
  }

  /** Readers go on at a full disk, and what fails is one write. */
  @Override
  public boolean hasRoom() {
    return true;
  }

  /** A commit returns when it is on the disk: the URL asks for {@code synchronous_commit}. */
  @Override
  public void makeDurable(DataSource connections) {}

  @Override
  public Trouble trouble(Throwable cause) {
    if (!(cause instanceof SQLException sql) || sql.getSQLState() == null) {
      return Trouble.NONE;
    }
    String state = sql.getSQLState();
    if (state.equals(DISK_FULL)) {
      return Trouble.FULL;
    }
    return AWAY.stream().anyMatch(state::startsWith) ? Trouble.AWAY : Trouble.NONE;
  }
}
