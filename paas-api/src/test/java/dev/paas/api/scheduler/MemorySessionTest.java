package dev.paas.api.scheduler;

import dev.paas.api.fake.MemoryScheduler;
import org.junit.jupiter.api.AfterAll;

/** The contract of sessions with the scheduler in memory. */
final class MemorySessionTest extends SessionContract {

  private static final String IMAGE = "sha256:" + "1".repeat(64);

  private final MemoryScheduler scheduler = new MemoryScheduler(IMAGE::equals);

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
