package dev.paas.runtime.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.duty.NamedThreads;
import dev.paas.runtime.linux.NamedPipe;
import dev.paas.runtime.linux.file.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What instances print: a folder an app, a file an instance, written by the instance's monitor.
 * Bounded: a file that reaches half of {@code runtime.log-kept} becomes the previous one, and of an
 * app's ended instances the newest files are kept up to that size.
 */
public final class Logs implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

  private static final String SUFFIX = ".log";

  /**
   * Tells the monitor to open its log again (conmon's ctl pipe: 2 is reopen, the sizes are
   * ignored).
   */
  private static final byte[] REOPEN = "2 0 0\n".getBytes(US_ASCII);

  private static final long ROTATION_CHECK_SECONDS = 1;

  /** Lines of the past that one reader gets at most. */
  private static final int MAX_TAIL = 10_000;

  /** Bytes of the past that one reader reads at most, of all files together. */
  private static final int MAX_PAST = 8 << 20;

  /** The monitor itself discards all of a file that grows to this many times the kept size. */
  public static final int MONITOR_FACTOR = 8;

  private final Path folder;
  private final Path bundles;
  private final Duties duties;
  private final long kept;
  private final WatchService watch;
  private final Map<WatchKey, List<Runnable>> followers = new ConcurrentHashMap<>();

  /** The file that each instance's monitor wrote into when the last look was taken. */
  private final Map<Path, Written> written = new ConcurrentHashMap<>();

  private record Written(Object key, long length) {}

  private final ScheduledExecutorService rotation =
      Executors.newSingleThreadScheduledExecutor(new NamedThreads("log-rotation"));

  /**
   * @param data the runtime's folder on the disk
   * @param bundles has a folder for each container that is there
   * @param kept bytes of an app's ended instances, and twice what a file may have
   */
  @SuppressWarnings("FutureReturnValueIgnored")
  public Logs(Path data, Path bundles, Duties duties, long kept) throws IOException {
    this.folder = Folders.create(data.resolve("logs"), "rwx------");
    this.bundles = bundles;
    this.duties = duties;
    this.kept = kept;
    this.watch = folder.getFileSystem().newWatchService();
    rotation.scheduleWithFixedDelay(
        duties.standing("log-rotation", this::rotateAll),
        ROTATION_CHECK_SECONDS,
        ROTATION_CHECK_SECONDS,
        TimeUnit.SECONDS);
    Thread watching = new Thread(this::wakeFollowers, "log-followers");
    watching.setDaemon(true);
    watching.start();
  }

  /** Where an instance's output goes. */
  public Path path(InstanceName name) {
    return folder.resolve(name.app().value()).resolve(name + SUFFIX);
  }

  /** The same for an instance that is about to start; the file is made. */
  public Path file(InstanceName name) throws IOException {
    Path file = path(name);
    Folders.create(folder.resolve(name.app().value()), "rwx------");
    // Made here and not by the monitor: whatever it discards from now on is noticed.
    try (var made = Files.newOutputStream(file, CREATE, APPEND)) {
      made.flush();
    }
    LogFile.key(file).ifPresent(key -> written.put(file, new Written(key, 0)));
    return file;
  }

  /**
   * Says in an instance's log that its process has ended: what it printed last is a line, also
   * without a newline, and no part of what the next process prints. Saying it twice is harmless.
   */
  public void processEnded(InstanceName name, Instant at) throws IOException {
    Path file = path(name);
    try (FileChannel log = FileChannel.open(file, READ)) {
      ByteBuffer last = ByteBuffer.allocate(LogFormat.endLength());
      log.read(last, Math.max(0, log.size() - last.capacity()));
      if (log.size() == 0 || LogFormat.isEnd(last.array())) {
        return;
      }
    } catch (NoSuchFileException nothingPrinted) {
      return;
    }
    Files.write(file, LogFormat.end(at), APPEND);
  }

  /** Removes what an app's ended instances printed beyond what is kept. */
  public void instanceRemoved(InstanceName name) throws IOException {
    List<Path> ended = new ArrayList<>();
    for (Path file : files(name.app())) {
      if (isGone(file)) {
        ended.add(file);
      }
    }
    ended.sort(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed());
    long bytes = 0;
    for (Path file : ended) {
      Path previous = LogFile.previous(file);
      if (bytes > kept) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(previous);
        DroppedOutput.of(file).forget();
      }
      // Counted afterwards: the newest stays whatever its size, it tells why the last instance
      // ended.
      bytes += file.toFile().length() + previous.toFile().length();
    }
  }

  /** Whether nothing is left of the instance but its log. */
  private boolean isGone(Path file) {
    String container = file.getFileName().toString().replaceAll("\\.log$", "");
    return !Files.exists(bundles.resolve(container));
  }

  /** Removes everything that an app's instances printed. */
  public void removeApp(AppName app) throws IOException {
    Folders.delete(folder.resolve(app.value()));
  }

  private List<Path> files(AppName app) throws IOException {
    Path of = folder.resolve(app.value());
    if (!Files.isDirectory(of)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(of)) {
      return all.filter(file -> nameOf(file).isPresent()).toList();
    }
  }

  private static Optional<InstanceName> nameOf(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(SUFFIX)
        ? InstanceName.parse(name.substring(0, name.length() - SUFFIX.length()))
        : Optional.empty();
  }

  /** A reader of an app's lines; single-threaded. */
  public final class Reader {
    private final AppName app;
    private final ReadLogsRequest request;
    private final Predicate<LogLine> lines;
    private final Map<Path, LogFile> open = new HashMap<>();

    private Reader(AppName app, ReadLogsRequest request) {
      this.lines = LogFilter.of(request);
      this.app = app;
      this.request = request;
    }

    /** The last lines of the past, oldest first; call it first. */
    public List<LogLine> past() throws IOException {
      int count = Math.max(0, Math.min(request.getTail(), MAX_TAIL));
      List<LogLine> lines = new ArrayList<>();
      for (Path path : files(app)) {
        // Between two looks a flood may have come and gone.
        noticeDiscarded(path);
        matching(path).ifPresent(file -> open.put(path, file));
      }
      for (Map.Entry<Path, LogFile> file : open.entrySet()) {
        // Nobody will see the rest of what has no newline yet: it ends here, or ended already.
        boolean unfinished = !request.getFollow() || isGone(file.getKey());
        lines.addAll(file.getValue().last(count, MAX_PAST / open.size(), unfinished));
      }
      lines.sort(Comparator.comparingLong(LogLine::getAtNanos));
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /**
     * The wanted ones of the lines that came since, oldest first, up to a bound: an app that prints
     * faster than its log is searched would keep its reader here for ever. Nothing when no line
     * came at all.
     */
    public Optional<List<LogLine>> more() throws IOException {
      List<LogLine> lines = new ArrayList<>();
      boolean any = false;
      for (Path path : files(app)) {
        if (!open.containsKey(path)) {
          matching(path).ifPresent(file -> open.put(path, file));
        }
        LogFile file = open.get(path);
        Optional<List<LogLine>> more = file == null ? Optional.empty() : file.more();
        any |= more.isPresent();
        more.ifPresent(lines::addAll);
      }
      lines.sort(Comparator.comparingLong(LogLine::getAtNanos));
      return any ? Optional.of(lines) : Optional.empty();
    }

    private Optional<LogFile> matching(Path path) {
      Optional<InstanceName> name = nameOf(path);
      if (name.isEmpty()) {
        return Optional.empty();
      }
      InstanceId id = InstanceIds.of(name.get());
      boolean wanted =
          (request.getProcess().isEmpty() || request.getProcess().equals(id.getProcess()))
              && (request.getSlot() == 0 || request.getSlot() == id.getSlot());
      return wanted ? Optional.of(new LogFile(path, id, lines)) : Optional.empty();
    }

    /**
     * Calls {@code wake} after something was printed, more often than needed; the answer ends it.
     */
    public Runnable follow(Runnable wake) throws IOException {
      Path of = Folders.create(folder.resolve(app.value()), "rwx------");
      WatchKey key =
          of.register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      followers.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(wake);
      return () -> followers.getOrDefault(key, List.of()).remove(wake);
    }
  }

  public Reader reader(ReadLogsRequest request) {
    return new Reader(new AppName(request.getApp()), request);
  }

  private void wakeFollowers() {
    try {
      while (true) {
        WatchKey key = watch.take();
        key.pollEvents();
        key.reset();
        duties.attempt(
            "log-followers",
            () -> List.copyOf(followers.getOrDefault(key, List.of())).forEach(Runnable::run));
      }
    } catch (InterruptedException | ClosedWatchServiceException closed) {
      LOG.atDebug().log("no longer watching logs");
    }
  }

  private void rotateAll() throws IOException {
    try (Stream<Path> all = Files.list(bundles)) {
      for (Path bundle : all.toList()) {
        String container = String.valueOf(bundle.getFileName());
        int dot = container.indexOf('.');
        if (dot > 0) {
          Path file = folder.resolve(container.substring(0, dot)).resolve(container + ".log");
          noticeDiscarded(file);
          if (file.toFile().length() > kept / 2) {
            rotate(file, bundle.resolve("ctl"));
          }
        }
      }
      written.keySet().removeIf(file -> !Files.exists(file));
    }
  }

  // The monitor has begun the file again by itself: what came before it is not whole any more.
  private synchronized void noticeDiscarded(Path file) throws IOException {
    Optional<Object> key = LogFile.key(file);
    if (key.isEmpty()) {
      written.remove(file);
      return;
    }
    Written now = new Written(key.get(), file.toFile().length());
    @Nullable Written before = written.put(file, now);
    if (before == null || (before.key().equals(now.key()) && before.length() <= now.length())) {
      return;
    }
    Path previous = LogFile.previous(file);
    DroppedOutput.of(file).add(kept * MONITOR_FACTOR + previous.toFile().length());
    Files.deleteIfExists(previous);
  }

  // Renamed first: the monitor writes on into the renamed file until it opens the name again,
  // nothing is lost.
  private synchronized void rotate(Path file, Path control) throws IOException {
    if (!Files.exists(control)) {
      return;
    }
    Path previous = LogFile.previous(file);
    DroppedOutput.of(file).add(previous.toFile().length());
    written.remove(file);
    Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
    try (NamedPipe pipe = NamedPipe.open(control)) {
      pipe.write(REOPEN);
    }
  }

  @Override
  public void close() throws IOException {
    rotation.shutdownNow();
    watch.close();
  }
}
