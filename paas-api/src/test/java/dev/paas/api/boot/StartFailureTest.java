package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.paas.api.store.Database;
import dev.paas.api.store.H2Database;
import dev.paas.api.store.PostgreSql;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartFailureTest {

  private static final Database POSTGRESQL = new PostgreSql("jdbc:postgresql:paas");

  @TempDir Path data;

  @Test
  void aDamagedDatabaseSaysWhichFolderToLookAtAndMayBeTriedAgain() throws IOException {
    PlatformSettings settings =
        PlatformSettings.parse("start", "[platform]\ndata = \"" + data + "\"\n");
    Database h2 = new H2Database(settings.platform());
    Files.createDirectories(data.resolve("db"));
    Files.writeString(data.resolve("db/paas.mv.db"), "not a database\n".repeat(1000));
    Throwable refused = catchThrowable(() -> DriverManager.getConnection(h2.url(), "sa", ""));

    StartFailure known =
        StartFailure.of(new IllegalStateException("start", refused), settings, h2).orElseThrow();

    assertThat(known.problem().code()).isEqualTo("store.unavailable");
    assertThat(known.problem().value()).isNotEmpty().doesNotContain("\n");
    assertThat(known.problem().fix()).contains(data.resolve("db").toString(), "backup");
    assertThat(known.lasting()).isFalse();
  }

  @Test
  void aServerThatIsAwayAndOneWithoutRoomAreToldApart() {
    assertThat(onPostgreSql(new SQLException("terminating connection", "57P01")))
        .hasValueSatisfying(
            away -> {
              assertThat(away.problem().code()).isEqualTo("store.unavailable");
              assertThat(away.problem().value()).isEqualTo("terminating connection");
              assertThat(away.lasting()).isFalse();
            });
    // Its own class of codes says "away" as well.
    SQLException full = new SQLException("could not extend file", "53100");
    full.addSuppressed(new SQLException("connection lost", "08006"));
    assertThat(onPostgreSql(full))
        .hasValueSatisfying(
            noRoom -> {
              assertThat(noRoom.problem().code()).isEqualTo("store.full");
              assertThat(noRoom.problem().fix()).contains("Free some room");
              assertThat(noRoom.lasting()).isFalse();
            });
  }

  @Test
  void aDatabaseThatIsAwayBecauseTheDiskIsFullIsAFullDisk() {
    SQLException away =
        new SQLException("I/O", "08006", new IOException("No space left on device"));
    assertThat(onPostgreSql(away).map(full -> full.problem().code())).hasValue("disk.full");
  }

  @Test
  void whatPassesIsNotLastingAndWhatSomebodyMustChangeIs() {
    assertThat(onPostgreSql(problem(Kind.UNAVAILABLE)).map(StartFailure::lasting)).hasValue(false);
    assertThat(onPostgreSql(problem(Kind.FULL)).map(StartFailure::lasting)).hasValue(false);
    assertThat(onPostgreSql(problem(Kind.INVALID)).map(StartFailure::lasting)).hasValue(true);
  }

  @Test
  void aBugIsNotExplained() {
    assertThat(onPostgreSql(new SQLException("relation does not exist", "42P01"))).isEmpty();
    assertThat(onPostgreSql(new IllegalStateException("bug"))).isEmpty();
  }

  private static Exception problem(Kind kind) {
    return Problem.of(kind, "some.code", "What", "Fix").asException();
  }

  private static Optional<StartFailure> onPostgreSql(Exception cause) {
    return StartFailure.of(
        new IllegalStateException("paasd did not start", cause),
        PlatformSettings.DEFAULTS,
        POSTGRESQL);
  }
}
