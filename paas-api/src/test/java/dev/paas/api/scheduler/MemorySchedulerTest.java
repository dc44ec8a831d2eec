package dev.paas.api.scheduler;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.fake.MemoryScheduler;
import dev.paas.base.name.InstanceName;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The contract with the scheduler in memory. */
final class MemorySchedulerTest extends SchedulerContract {

  private static final String IMAGE = "sha256:" + "1".repeat(64);

  private final MemoryScheduler scheduler = new MemoryScheduler(IMAGE::equals);

  @Test
  void aStepThatThrowsIsHeardOf() throws Exception {
    MemoryScheduler broken = new MemoryScheduler(IMAGE::equals);
    broken.start(spec(web(1), "nonsense")).get();
    assertThatThrownBy(broken::instances)
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("no such word: nonsense");
    assertThatThrownBy(broken::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWatcherThatThrowsIsHeardOf() {
    MemoryScheduler broken = new MemoryScheduler(IMAGE::equals);
    broken.watch(
        new Scheduler.Watcher() {
          @Override
          public void snapshot(List<Instance> all, long deaths) {
            throw new IllegalStateException("a bug");
          }

          @Override
          public void changed(Instance instance) {}

          @Override
          public void removed(InstanceName instance) {}

          @Override
          public void lost(String why) {}
        });
    assertThatThrownBy(broken::running).hasRootCauseMessage("a bug");
    assertThatThrownBy(broken::close).hasRootCauseMessage("a bug");
  }

  @AfterAll
  void close() {
    scheduler.close();
  }

  @Override
  Scheduler scheduler() {
    return scheduler;
  }

  @Override
  String image() {
    return IMAGE;
  }

  @Override
  void die() {
    scheduler.died();
    scheduler.away(true);
  }

  @Override
  void comeBack() {
    scheduler.away(false);
  }
}
