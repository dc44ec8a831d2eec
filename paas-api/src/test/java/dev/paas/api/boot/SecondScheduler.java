package dev.paas.api.boot;

import dev.paas.api.fake.MemoryScheduler;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** Has all that is injected as {@code Scheduler} be the one in memory. */
public class SecondScheduler implements QuarkusTestProfile {

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(InMemory.class);
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
}
