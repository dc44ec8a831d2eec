package dev.paas.router.log;

import dev.paas.contract.router.Failure;
import dev.paas.contract.router.Failures;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Failed requests on their way to the control plane, which shows them in their app's log. Bounded
 * in all directions: an app has {@value #PER_SECOND} a second, the others are counted; while nobody
 * takes them, the newest {@value #CAPACITY} wait.
 */
public final class FailureFeed {

  static final int PER_SECOND = 10;
  static final int CAPACITY = 256;

  /** The access log has the whole of it. */
  private static final int MAX_TEXT = 300;

  private final ArrayDeque<Failure> waiting = new ArrayDeque<>();

  /** By app: of the running second, and since the last one that was told. */
  private final Map<String, Integer> told = new HashMap<>();

  private final Map<String, Integer> skipped = new HashMap<>();
  private long second;
  private Runnable listener = () -> {};

  /** Something waits that did not before; called on any thread, must not block. */
  public synchronized void listen(Runnable somethingWaits) {
    listener = somethingWaits;
  }

  /**
   * @param what why it failed; the entry's detail says it more exactly
   */
  public void add(AccessEntry entry, String what) {
    Runnable call = () -> {};
    synchronized (this) {
      String app = entry.app();
      long now = TimeUnit.MILLISECONDS.toSeconds(entry.at() + entry.totalMicros() / 1000);
      if (now != second) {
        second = now;
        told.clear();
        if (skipped.size() > CAPACITY) {
          skipped.clear(); // of apps that have gone, most of all
        }
      }
      if (told.merge(app, 1, Integer::sum) > PER_SECOND) {
        skipped.merge(app, 1, Integer::sum);
        return;
      }
      if (waiting.isEmpty()) {
        call = listener;
      } else if (waiting.size() == CAPACITY) {
        Failure oldest = waiting.removeFirst();
        skipped.merge(oldest.getApp(), 1 + oldest.getSkipped(), Integer::sum);
      }
      Integer before = skipped.remove(app);
      waiting.addLast(failure(entry, what, before == null ? 0 : before));
    }
    call.run();
  }

  /** All that waits; it is not given out again. */
  public synchronized Failures take() {
    Failures all = Failures.newBuilder().addAllFailures(waiting).build();
    waiting.clear();
    return all;
  }

  private static Failure failure(AccessEntry entry, String what, int before) {
    String detail = entry.detail();
    String code = entry.code();
    return Failure.newBuilder()
        .setApp(entry.app())
        .setAtMillis(entry.at())
        .setLabel(entry.label())
        .setCode(code == null ? "" : code)
        .setWhat(cut(detail == null ? what : reason(what, AccessEntry.text(detail))))
        .setStatus(entry.status())
        .setMethod(cut(AccessEntry.text(entry.method())))
        .setHost(cut(AccessEntry.text(entry.host())))
        .setTarget(cut(AccessEntry.text(entry.target())))
        .setRequestId(entry.requestId())
        .setTotalMicros(entry.totalMicros())
        .setSkipped(before)
        .build();
  }

  /** Of two sentences one. */
  private static String reason(String what, String detail) {
    return (what.endsWith(".") ? what.substring(0, what.length() - 1) : what) + ": " + detail;
  }

  private static String cut(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    boolean within = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1));
    return text.substring(0, within ? MAX_TEXT - 1 : MAX_TEXT) + "…";
  }
}
