package dev.paas.runtime.session.launch;

import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.util.Optional;

/** How sessions are made, by their kind, and what their monitors tell. */
public record Launchers(Launcher runs, Launcher execs, Monitor monitor) {

  public Launcher of(SessionEntry entry) {
    return entry.isExec() ? execs : runs;
  }

  /** Whether its monitor has told how it ended. */
  public boolean isTold(SessionEntry entry) {
    return monitor.hasExited(entry.container());
  }

  /** The process that its monitor has made, while that lives. */
  public Optional<ProcessIdentity> made(SessionEntry entry) throws IOException {
    return monitor.made(entry.container());
  }

  /** Whether its monitor has made a process. */
  public boolean wasMade(SessionEntry entry) {
    return monitor.wasMade(entry.container());
  }

  /** Whether its monitor is there. */
  public boolean isMonitored(SessionEntry entry) {
    return monitor.isThere(entry.container());
  }

  /** Connects to the streams of one that runs. */
  public Streams connect(SessionEntry entry) throws IOException {
    return Streams.connect(monitor.socket(entry.container()));
  }
}
