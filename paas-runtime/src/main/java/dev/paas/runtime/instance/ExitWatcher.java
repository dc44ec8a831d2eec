package dev.paas.runtime.instance;

import dev.paas.runtime.duty.Duties;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that monitors have written exit codes. */
public final class ExitWatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExitWatcher.class);

  private final Path exits;
  private final Duties duties;
  private final Consumer<String> told;
  private final WatchService watch;

  /**
   * @param exits the folder in which each code is a file that has its container's name
   * @param told the name of a container whose process has ended, more than once if need be
   */
  public ExitWatcher(Path exits, Duties duties, Consumer<String> told) throws IOException {
    this.exits = exits;
    this.duties = duties;
    this.told = told;
    this.watch = exits.getFileSystem().newWatchService();
    exits.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
  }

  /** Begins to watch; what was told before is told with the next. */
  public void begin() {
    Thread watching = new Thread(this::watch, "instance-exits");
    watching.setDaemon(true);
    watching.start();
  }

  private void watch() {
    try {
      while (true) {
        WatchKey key = watch.take();
        key.pollEvents();
        key.reset();
        // The folder is the truth, an event only says that it changed.
        duties.attempt("exits", this::tellAll);
      }
    } catch (InterruptedException | ClosedWatchServiceException closed) {
      LOG.atDebug().log("no longer watching exits");
    }
  }

  private void tellAll() throws IOException {
    try (Stream<Path> all = Files.list(exits)) {
      all.map(path -> String.valueOf(path.getFileName())).forEach(told);
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
