package dev.paas.runtime.instance.ready;

import dev.paas.base.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Whether requests reach a process that starts. What decides is a connection from this host to the
 * address and port that the router will use; what the kernel lists of the process only says when
 * one is worth a try, and why none succeeds.
 */
public final class Readiness {

  /** Between two tries while nothing new is seen. */
  private static final Duration RETRY = Duration.ofMillis(50);

  /** The other end is on this host: whoever does not answer by then has its queue full. */
  private static final int CONNECT_MILLIS = 200;

  /** How long a reason must last before it is told: many programs listen elsewhere first. */
  private static final Duration LASTS = Duration.ofSeconds(1);

  private final String address;
  private final int port;
  private final Ticker ticker;
  private ListeningSockets tried = ListeningSockets.NONE;
  private long triedAt;
  private String reason = "";
  private long reasonSince;
  private String told = "";

  /**
   * @param address in the route table
   */
  public Readiness(String address, int port, Ticker ticker) {
    this.address = address;
    this.port = port;
    this.ticker = ticker;
    this.triedAt = ticker.nanos();
    this.reasonSince = triedAt;
  }

  /** Tries to connect if that is worth it. */
  public boolean reached(ListeningSockets seen) {
    boolean same = seen.equals(tried);
    if (!seen.mayBeReached(port) || (same && ticker.since(triedAt).compareTo(RETRY) < 0)) {
      return false;
    }
    tried = seen;
    try (Socket connection = new Socket()) {
      connection.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    } finally {
      triedAt = ticker.nanos();
    }
  }

  /** Why no request can reach it, as far as that has been so for a while. */
  public String reason(ListeningSockets seen) {
    String now = seen.why(port);
    if (!now.equals(reason)) {
      reason = now;
      reasonSince = ticker.nanos();
    }
    if (ticker.since(reasonSince).compareTo(LASTS) >= 0) {
      told = reason;
    }
    return told;
  }
}
