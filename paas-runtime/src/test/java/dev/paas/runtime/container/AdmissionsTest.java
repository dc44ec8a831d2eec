package dev.paas.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.base.name.AppName;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AdmissionsTest {

  private static final AppName SHOP = new AppName("shop");

  private final Admissions admissions = new Admissions();

  @Test
  void aRemovalWaitsForTheStartsThatAreUnderWayAndLetsNoOtherBegin() throws Exception {
    Admissions.Admission first = admissions.start(SHOP);
    Admissions.Admission second = admissions.start(SHOP);
    FutureTask<Admissions.Admission> removing = new FutureTask<>(() -> admissions.removal(SHOP));
    Thread remover = new Thread(removing, "remover");
    remover.start();
    await().until(() -> remover.getState() == Thread.State.WAITING);
    assertThatThrownBy(() -> admissions.start(SHOP)).hasMessageContaining("being removed");
    admissions.start(new AppName("blog")).close();

    first.close();
    first.close(); // counts once
    assertThat(removing.isDone()).isFalse();
    second.close();
    removing.get(10, TimeUnit.SECONDS).close();
    admissions.start(SHOP).close();
  }

  @Test
  void aRemovalThatIsInterruptedLetsStartsBegin() throws Exception {
    Admissions.Admission start = admissions.start(SHOP);
    FutureTask<Admissions.Admission> removing = new FutureTask<>(() -> admissions.removal(SHOP));
    Thread remover = new Thread(removing, "remover");
    remover.start();
    await().until(() -> remover.getState() == Thread.State.WAITING);
    remover.interrupt();
    assertThatThrownBy(removing::get).hasCauseInstanceOf(InterruptedException.class);
    admissions.start(SHOP).close();
    start.close();
  }
}
