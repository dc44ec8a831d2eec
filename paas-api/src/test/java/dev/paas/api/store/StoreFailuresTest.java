package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreFailuresTest {

  private final StoreFailures failures =
      new StoreFailures(new H2Database(PlatformSettings.DEFAULTS.platform()));

  @Test
  void aFullDiskIsFoundUnderWhatTheTransactionManagerSuppresses() {
    RuntimeException rollback = new IllegalStateException("could not commit");
    rollback.addSuppressed(
        new SQLException("General error", new IOException("No space left on device")));
    assertThat(code(rollback)).isEqualTo("store.full");
  }

  @Test
  void aDatabaseThatClosedItselfIsUnavailable() {
    assertThat(code(new IllegalStateException(new SQLException("closed", "90098", 90098))))
        .isEqualTo("store.unavailable");
  }

  @ParameterizedTest
  @CsvSource({"53100, store.full", "08006, store.unavailable", "57P01, store.unavailable"})
  void whatAnotherProductCallsTroubleIsTroubleToo(String state, String code) {
    StoreFailures others = new StoreFailures(new PostgreSql("jdbc:postgresql:paas"));
    RuntimeException failed = new IllegalStateException(new SQLException("failed", state));
    assertThat(code(others, failed)).isEqualTo(code);
    assertThat(code(failed)).as("H2 has no such code").isEqualTo("none");
  }

  @Test
  void aKeyThatIsTakenIsNoTrouble() {
    RuntimeException taken = new IllegalStateException(new SQLException("taken", "23505", 23505));
    assertThat(failures.explain(taken)).isSameAs(taken);
    assertThat(new StoreFailures(new PostgreSql("")).explain(taken)).isSameAs(taken);
  }

  @Test
  void aProblemStaysAndABugStays() {
    RuntimeException problem =
        Problem.of(Kind.CONFLICT, "app.exists", "taken", "choose").asException();
    assertThat(failures.explain(new IllegalStateException(problem))).isSameAs(problem);
    RuntimeException bug = new IllegalStateException("bug");
    assertThat(failures.explain(bug)).isSameAs(bug);
  }

  @Test
  void aCircleOfCausesEnds() {
    RuntimeException a = new IllegalStateException("a");
    RuntimeException b = new IllegalStateException("b", a);
    a.addSuppressed(b);
    assertThat(failures.explain(a)).isSameAs(a);
  }

  private String code(RuntimeException failed) {
    return code(failures, failed);
  }

  private static String code(StoreFailures failures, RuntimeException failed) {
    return failures.explain(failed) instanceof PaasException problem
        ? problem.problem().code()
        : "none";
  }
}
