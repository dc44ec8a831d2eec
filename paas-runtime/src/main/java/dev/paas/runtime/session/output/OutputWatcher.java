package dev.paas.runtime.session.output;

import dev.paas.runtime.duty.Duties;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that monitors have written to the logs of sessions. */
public final class OutputWatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OutputWatcher.class);

  private final Duties duties;
  private final WatchService watch;
  private final Map<WatchKey, OutputLog> watched = new ConcurrentHashMap<>();

  public OutputWatcher(Path outputs, Duties duties) throws IOException {
    this.duties = duties;
    this.watch = outputs.getFileSystem().newWatchService();
  }

  /** Looks at a log from now on whenever its folder changes. */
  public void add(OutputLog log) throws IOException {
    WatchKey key =
        log.file()
            .resolveSibling("")
            .register(
                watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    watched.put(key, log);
  }

  public void begin() {
    Thread watching = new Thread(this::watch, "session-outputs");
    watching.setDaemon(true);
    watching.start();
  }

  private void watch() {
    try {
      while (true) {
        WatchKey key = watch.take();
        key.pollEvents();
        OutputLog log = watched.get(key);
        if (log != null) {
          duties.attempt("session-outputs", log::look);
        }
        if (!key.reset() || (log != null && log.isOver())) {
          key.cancel();
          watched.remove(key);
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException closed) {
      LOG.atDebug().log("no longer watching outputs");
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
