package dev.paas.api.boot;

import dev.paas.api.fake.MemoryScheduler;
import io.quarkus.test.junit.QuarkusTest;

/** The journey on the scheduler of the product, with a runtime behind its socket. */
@QuarkusTest
class JourneyIT extends Journey {

  @Override
  MemoryScheduler instances() {
    return runtime().instances();
  }
}
