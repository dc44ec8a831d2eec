package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.runtime.log.Logs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A reader's stream of log lines: the past, then what is printed, at the pace of the caller. */
final class LogStream {

  private final Logs.Reader reader;
  private final boolean follow;

  /** Released after something was printed; a permit is enough for any number of lines. */
  private final Semaphore printed = new Semaphore(0);

  LogStream(Logs logs, ReadLogsRequest request) {
    this.reader = logs.reader(request);
    this.follow = request.getFollow();
  }

  void run(Outgoing<LogLine> outgoing) throws IOException, InterruptedException {
    Runnable unfollow = follow ? reader.follow(printed::release) : () -> {};
    try {
      reader.past().forEach(outgoing::send);
      while (follow) {
        Optional<List<LogLine>> lines = reader.more();
        outgoing.check();
        lines.ifPresent(all -> all.forEach(outgoing::send));
        if (lines.isEmpty()) {
          printed.acquire();
          printed.drainPermits();
        }
      }
    } finally {
      unfollow.run();
    }
  }
}
