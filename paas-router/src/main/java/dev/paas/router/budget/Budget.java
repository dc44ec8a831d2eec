package dev.paas.router.budget;

import dev.paas.router.balance.Upstream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections and bytes that the whole process holds. While less than half of them are in use,
 * whoever comes first has them; from then on one address and one app may have a quarter, so that
 * neither takes everything from the others. Safe for all threads.
 */
public final class Budget {

  private static final int SHARES = 4;

  private final Capacity capacity;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final Map<Object, Share> shares = new ConcurrentHashMap<>();

  public Budget(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Connections that were counted in. */
  public int connections() {
    return connections.get();
  }

  /** Bytes that are held beyond what each connection may. */
  public long bytes() {
    return bytes.get();
  }

  /** Addresses that hold something. */
  public int holders() {
    return shares.size();
  }

  // ---- connections

  /**
   * Counts a connection in; whether it may stay is asked next.
   *
   * @param exempt the holder passes on the requests of many others
   */
  public Share enter(Object holder, boolean exempt) {
    connections.incrementAndGet();
    return join(holder, exempt);
  }

  public void leave(Share share) {
    connections.decrementAndGet();
    part(share);
  }

  /** Counts a request in that came through somebody else's connection. */
  public Share join(Object holder, boolean exempt) {
    return shares.compute(
        holder,
        (key, known) -> {
          Share share = known == null ? new Share(key, exempt) : known;
          share.count(1);
          return share;
        });
  }

  public void part(Share share) {
    shares.computeIfPresent(share.holder(), (key, known) -> known.count(-1) == 0 ? null : known);
  }

  /** More than there is room for were counted in. */
  public boolean overfull() {
    return connections.get() > capacity.connections();
  }

  /** Half of the connections are in use. */
  public boolean crowded() {
    return connections.get() > capacity.connections() / 2;
  }

  /** The holder has more connections than it may, now that others want some. */
  public boolean overShare(Share share) {
    return crowded()
        && !share.exempt()
        && share.connections() > Math.max(1, capacity.connections() / SHARES);
  }

  /** The app has as many requests under way as it may. */
  public boolean overShare(List<Upstream> app) {
    if (!crowded()) {
      return false;
    }
    int carried = 0;
    for (Upstream upstream : app) {
      carried += upstream.inFlight();
    }
    return carried >= Math.max(1, capacity.connections() / SHARES);
  }

  // ---- bytes

  /**
   * Whether so many more bytes may be held.
   *
   * @param app the instances of the app they are for, empty when that is not known yet: all such
   *     together may hold only half, as requests that are under way need the other
   */
  public boolean allows(long more, Share share, List<Upstream> app) {
    long all = bytes.get() + more;
    if (all <= capacity.bytes() / 2) {
      return true;
    }
    if (app.isEmpty() || all > capacity.bytes()) {
      return false;
    }
    long most = capacity.bytes() / SHARES;
    if (!share.exempt() && share.bytes() + more > most) {
      return false;
    }
    long ofApp = more;
    for (Upstream upstream : app) {
      ofApp += upstream.held();
    }
    return ofApp <= most;
  }

  /** Holds so many more bytes, or fewer. */
  public void hold(long more, Share share) {
    bytes.addAndGet(more);
    share.hold(more);
  }
}
