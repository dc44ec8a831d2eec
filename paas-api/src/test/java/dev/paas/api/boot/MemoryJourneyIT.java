package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.MemoryScheduler;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;

/** The journey on a second scheduler: the runtime builds, and never hears of an instance. */
@QuarkusTest
@TestProfile(SecondScheduler.class)
final class MemoryJourneyIT extends Journey {

  @Inject MemoryScheduler scheduler;

  @AfterEach
  void theRuntimeHasNoInstances() {
    assertThat(runtime().instances().instances()).isEmpty();
  }

  @Override
  MemoryScheduler instances() {
    return scheduler;
  }
}
