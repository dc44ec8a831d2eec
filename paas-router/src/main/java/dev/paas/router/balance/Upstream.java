package dev.paas.router.balance;

import dev.paas.base.name.InstanceName;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One running copy of an app as the router sees it: where it is and what it carries at this moment.
 * Once it has retired (left the table) it takes no new request, for ever; if the control plane
 * brings the same id back, that is a new object. Safe for all threads.
 */
public final class Upstream {

  /** The bit of {@link #state} that says it has retired; the others count what it carries. */
  private static final int RETIRED = 1 << 31;

  private final String app;
  private final String identity;
  private final String label;
  private final InetSocketAddress address;
  private final AtomicInteger state = new AtomicInteger();
  private final AtomicLong held = new AtomicLong();
  private final Health health = new Health();
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
  private volatile String id;
  private volatile @Nullable Runnable onEnd;

  public Upstream(String app, String id, String label, InetSocketAddress address) {
    this.app = app;
    this.id = id;
    this.identity = InstanceName.parse(id).map(InstanceName::toString).orElse(id);
    this.label = label;
    this.address = address;
  }

  public String app() {
    return app;
  }

  /** As the control plane called it last. */
  public String id() {
    return id;
  }

  /** What both forms of its name have in common. */
  public String identity() {
    return identity;
  }

  /** Another version of the control plane writes the same name in another form. */
  public void renamed(String now) {
    id = now;
  }

  /** What people call it, e.g. {@code web.1}. */
  public String label() {
    return label;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Requests and tunnels that it carries. */
  public int inFlight() {
    return state.get() & ~RETIRED;
  }

  public Health health() {
    return health;
  }

  /** Bytes of its requests and answers that the process holds. */
  public long held() {
    return held.get();
  }

  /** So many more of them, or fewer. */
  public void hold(long more) {
    held.addAndGet(more);
  }

  public boolean retired() {
    return state.get() < 0;
  }

  /** Whether both are the same copy at the same place. */
  public boolean sameAs(Upstream other) {
    return identity.equals(other.identity)
        && app.equals(other.app)
        && label.equals(other.label)
        && address.equals(other.address);
  }

  /**
   * Counts a request or tunnel in, until its lease ends.
   *
   * @param cut called from any thread when it must end now
   * @return null when the instance has retired: ask the table again
   */
  public @Nullable Lease enter(Runnable cut) {
    int seen;
    do {
      seen = state.get();
      if (seen < 0) {
        return null;
      }
    } while (!state.compareAndSet(seen, seen + 1));
    Lease lease = new Lease(cut);
    leases.add(lease);
    return lease;
  }

  /** Takes no new requests from now on; {@code listener} runs whenever one of the old ones ends. */
  public void retire(Runnable listener) {
    onEnd = listener;
    state.getAndUpdate(seen -> seen | RETIRED);
  }

  /** Ends everything that it still carries. */
  public void cut() {
    leases.forEach(lease -> lease.cut.run());
  }

  @Override
  public String toString() {
    return id;
  }

  /** One request or tunnel that an instance carries. */
  public final class Lease {

    private final Runnable cut;

    private Lease(Runnable cut) {
      this.cut = cut;
    }

    public Upstream upstream() {
      return Upstream.this;
    }

    /** Counts it out; a second call does nothing. */
    public void end() {
      if (leases.remove(this)) {
        state.decrementAndGet();
        Runnable listener = onEnd;
        if (listener != null) {
          listener.run();
        }
      }
    }
  }
}
