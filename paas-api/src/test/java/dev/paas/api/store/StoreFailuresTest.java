package dev.paas.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class StoreFailuresTest {

  private final StoreFailures failures = new StoreFailures();

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
    return failures.explain(failed) instanceof PaasException problem
        ? problem.problem().code()
        : "none";
  }
}
