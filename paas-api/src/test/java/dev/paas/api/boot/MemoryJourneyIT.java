package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.MemoryScheduler;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** The journey on a second scheduler: the runtime builds, and never hears of an instance. */
@QuarkusTest
@TestProfile(MemoryJourneyIT.SecondScheduler.class)
final class MemoryJourneyIT extends Journey {

  @Inject MemoryScheduler scheduler;

  /** Has all that is injected as {@code Scheduler} be the one in memory. */
  public static final class SecondScheduler implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(InMemory.class);
    }
  }

  /** Makes it. */
  @Alternative
  @Singleton
  static class InMemory {

    @Produces
    @Singleton
    MemoryScheduler scheduler() {
      return new MemoryScheduler(digest -> true);
    }

    void end(@Disposes MemoryScheduler scheduler) {
      scheduler.close();
    }
  }

  @AfterEach
  void theRuntimeHasNoInstances() {
    assertThat(runtime().instances().instances()).isEmpty();
  }

  @Override
  MemoryScheduler instances() {
    return scheduler;
  }
}
