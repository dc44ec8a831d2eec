package dev.paas.runtime.session.roster;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.Session;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.session.output.OutputLog;
import dev.paas.runtime.session.output.Streams;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One session: what was asked for, and where it stands. */
public final class SessionEntry {

  private final StartSessionRequest request;
  private final SessionPlace place;
  private final long startedAtMillis;
  private final OutputLog output;
  private final Claims.Claim claim;
  private final CompletableFuture<Session> started = new CompletableFuture<>();
  private final CompletableFuture<Exit> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final AtomicBoolean launching = new AtomicBoolean();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicReference<@Nullable String> wantedSize = new AtomicReference<>();
  private volatile Optional<ProcessIdentity> process = Optional.empty();
  private volatile Optional<Streams> streams = Optional.empty();
  private volatile long endTriedMillis;

  /** Guarded by this. */
  private int attached;

  private long lonelySince;

  /**
   * @param claim of its container's name
   * @param now in the ticker's nanoseconds
   */
  public SessionEntry(
      StartSessionRequest request,
      SessionPlace place,
      long startedAtMillis,
      OutputLog output,
      Claims.Claim claim,
      long now) {
    this.request = request;
    this.place = place;
    this.startedAtMillis = startedAtMillis;
    this.output = output;
    this.claim = claim;
    this.lonelySince = now;
  }

  public String id() {
    return request.getId();
  }

  public StartSessionRequest request() {
    return request;
  }

  public SessionPlace place() {
    return place;
  }

  public String container() {
    return place.container();
  }

  public InstanceId instance() {
    return place.instance();
  }

  public boolean isExec() {
    return request.hasInside();
  }

  public boolean hasTerminal() {
    return request.hasTerminal();
  }

  public long startedAtMillis() {
    return startedAtMillis;
  }

  public OutputLog output() {
    return output;
  }

  public Claims.Claim claim() {
    return claim;
  }

  public Optional<ProcessIdentity> process() {
    return process;
  }

  public void runs(ProcessIdentity as) {
    process = Optional.of(as);
  }

  public Optional<Streams> streams() {
    return streams;
  }

  public void has(Streams connected) {
    streams = Optional.of(connected);
  }

  /** What its terminal's control is to be told next; null: nothing. */
  public AtomicReference<@Nullable String> wantedSize() {
    return wantedSize;
  }

  /** Done when its program has begun, or could not. */
  public CompletableFuture<Session> started() {
    return started;
  }

  /** Done when its program has ended. */
  public CompletableFuture<Exit> ended() {
    return ended;
  }

  /** Done when it has nothing on this host any more but its output. */
  public CompletableFuture<Void> gone() {
    return gone;
  }

  public boolean hasEnded() {
    return ended.isDone();
  }

  /** True for one caller, who launches it. */
  public boolean beginLaunching() {
    return launching.compareAndSet(false, true);
  }

  /** True for one caller, who sees to its end, until {@link #endLater}. */
  public boolean beginEnding() {
    return ending.compareAndSet(false, true);
  }

  /** Its end failed and will be tried again. */
  public void endLater(long nowMillis) {
    endTriedMillis = nowMillis;
    ending.set(false);
  }

  /** When its end failed last; 0: never. */
  public long endTriedMillis() {
    return endTriedMillis;
  }

  /** True for one caller, who stops it because its time is over. */
  public boolean beginStopping() {
    return stopping.compareAndSet(false, true);
  }

  public synchronized void attach() {
    attached++;
  }

  public synchronized void detach(long now) {
    attached--;
    lonelySince = now;
  }

  /** Nobody is attached. */
  public synchronized boolean isLonely() {
    return attached == 0;
  }

  /** Since when, in the ticker's nanoseconds, nobody has been attached. */
  public synchronized long lonelySince() {
    return lonelySince;
  }

  public List<String> argv() {
    return isExec() ? request.getArgvList() : request.getRun().getArgvList();
  }

  /** What others see of it. */
  public Session view() {
    Session.Builder view =
        Session.newBuilder()
            .setId(id())
            .setInstance(instance())
            .setExec(isExec())
            .addAllArgv(argv())
            .setTerminal(hasTerminal())
            .setStartedAtMillis(startedAtMillis);
    synchronized (this) {
      view.setAttached(attached);
    }
    if (hasEnded()) {
      view.setExit(ended.join());
    }
    return view.build();
  }

  /** Input for a terminal's program that stands for the end: what a person types. */
  public static final ByteString END_OF_TRANSMISSION = ByteString.copyFrom(new byte[] {4});
}
