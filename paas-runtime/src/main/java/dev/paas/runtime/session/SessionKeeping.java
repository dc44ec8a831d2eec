package dev.paas.runtime.session;

import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.instance.ExitWatcher;
import dev.paas.runtime.session.output.OutputWatcher;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What is done for sessions all the time: their ends are noticed, their logs, their deadlines. */
final class SessionKeeping implements AutoCloseable {

  private static final long LOOK_MILLIS = 1000;

  private final SessionAdoption adoption;
  private final SessionUpkeep upkeep;
  private final ExitWatcher exits;
  private final OutputWatcher outputs;
  private final Duties duties;
  private final SessionThreads threads;

  SessionKeeping(
      SessionAdoption adoption,
      SessionUpkeep upkeep,
      ExitWatcher exits,
      OutputWatcher outputs,
      Duties duties,
      SessionThreads threads) {
    this.adoption = adoption;
    this.upkeep = upkeep;
    this.exits = exits;
    this.outputs = outputs;
    this.duties = duties;
    this.threads = threads;
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void begin() throws IOException {
    adoption.adopt();
    exits.begin();
    outputs.begin();
    threads
        .timer()
        .scheduleWithFixedDelay(
            duties.standing("sessions", upkeep::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    threads.close();
    exits.close();
    outputs.close();
  }
}
