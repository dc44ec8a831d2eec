package dev.paas.router.client;

import dev.paas.router.balance.Upstream;
import dev.paas.router.budget.Budget;
import dev.paas.router.budget.Capacity;
import dev.paas.router.budget.Share;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client's connection holds, with that of the instance which answers it: counted to the
 * client's address and to the app. Belongs to the connection's event loop.
 */
final class Holding {

  private final Budget budget;
  private final Share share;
  private @Nullable Upstream upstream;
  private long held;
  private @Nullable Share guest;
  private boolean left;

  /**
   * @param share the connection was counted in there
   */
  Holding(Budget budget, Share share) {
    this.budget = budget;
    this.share = share;
  }

  /** Whose share is used: the one that is spoken for, or the connection's own. */
  private Share payer() {
    return guest == null ? share : guest;
  }

  /**
   * What is held from now on is somebody else's, for whom the client speaks.
   *
   * @return whether that one may have one more request
   */
  boolean holdFor(Object holder) {
    holdForItself();
    Share joined = budget.join(holder, false);
    settle(0, null);
    guest = joined;
    return !budget.overShare(joined);
  }

  /** What is held from now on is the client's own again. */
  void holdForItself() {
    Share left = guest;
    if (left != null) {
      settle(0, null);
      guest = null;
      budget.part(left);
    }
  }

  /** Whether it may come to so many bytes. */
  boolean allows(long bytes, List<Upstream> app) {
    long more = bytes - Capacity.FREE - held;
    return more <= 0 || budget.allows(more, payer(), app);
  }

  /** How many of so many more bytes may be read. */
  int grant(int bytes, List<Upstream> app) {
    return bytes <= Capacity.FREE || budget.allows(bytes, payer(), app) ? bytes : Capacity.FREE;
  }

  /** It holds so many bytes now, for {@code at}. */
  void settle(long bytes, @Nullable Upstream at) {
    long now = left ? 0 : Math.max(0, bytes - Capacity.FREE);
    if (now == held && (at == upstream || now == 0)) {
      return;
    }
    if (upstream != null) {
      upstream.hold(-held);
    }
    if (at != null) {
      at.hold(now);
    }
    budget.hold(now - held, payer());
    upstream = now == 0 ? null : at;
    held = now;
  }

  /** Counts the connection out with all that it holds. A second call does nothing. */
  void leave() {
    if (!left) {
      left = true;
      settle(0, null);
      holdForItself();
      budget.leave(share);
    }
  }
}
