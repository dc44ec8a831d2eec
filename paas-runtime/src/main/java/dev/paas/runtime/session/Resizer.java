package dev.paas.runtime.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paas.contract.runtime.Terminal;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.linux.NamedPipe;
import dev.paas.runtime.session.roster.SessionEntry;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells terminals their sizes. Of a flood of sizes the last one counts, and some in between; a
 * monitor that waits for a slow reader is told when it listens again.
 */
final class Resizer {

  private static final int PAUSE_MILLIS = 20;
  private static final int RETRY_MILLIS = 200;

  private final ScheduledExecutorService timer;
  private final Path bundles;

  /**
   * @param bundles the folder in which each container has one with its terminal's control
   */
  Resizer(ScheduledExecutorService timer, Path bundles) {
    this.timer = timer;
    this.bundles = bundles;
  }

  void resize(SessionEntry entry, Terminal size) {
    SessionCheck.check(size);
    String line = "1 " + size.getRows() + " " + size.getColumns() + "\n";
    if (entry.hasTerminal() && entry.wantedSize().getAndSet(line) == null) {
      later(entry, PAUSE_MILLIS);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void later(SessionEntry entry, int millis) {
    timer.schedule(() -> tell(entry), millis, TimeUnit.MILLISECONDS);
  }

  private void tell(SessionEntry entry) {
    String line = entry.wantedSize().getAndSet(null);
    if (line == null || entry.hasEnded()) {
      return;
    }
    Path control = Monitor.control(bundles.resolve(entry.container()));
    if (!NamedPipe.offer(control, line.getBytes(US_ASCII))
        && entry.wantedSize().compareAndSet(null, line)) {
      later(entry, RETRY_MILLIS);
    }
  }
}
