package dev.paas.gitreceiver.ssh;

import dev.paas.base.settings.PlatformSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenSSH's MaxStartups, which MINA lacks: how many connections may be open before they have shown
 * a key, in all and from one address, and how many after.
 *
 * <p>One too many closes the oldest that has not shown a key, not the newest: who holds connections
 * open without speaking keeps nobody out, since a real client needs a fraction of a second.
 */
final class ConnectionLimits implements SessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

  private final int maxSessions;
  private final int maxUnauthenticatedPerAddress;
  // Oldest first.
  private final Map<Session, String> unauthenticated = new LinkedHashMap<>();
  private final AtomicLong closed = new AtomicLong();
  private int authenticated;

  ConnectionLimits(PlatformSettings.Ssh settings) {
    this.maxSessions = settings.maxSessions();
    this.maxUnauthenticatedPerAddress = settings.maxUnauthenticatedPerAddress();
  }

  @Override
  public void sessionCreated(Session session) {
    String address = address(session);
    Optional<Session> tooOld;
    synchronized (this) {
      tooOld = oldest(address);
      tooOld.ifPresent(unauthenticated::remove);
      unauthenticated.put(session, address);
    }
    tooOld.ifPresent(
        old -> {
          // Powers of two: an attacker must not fill the log.
          if (Long.bitCount(closed.incrementAndGet()) == 1) {
            LOG.atWarn()
                .addKeyValue("address", address)
                .addKeyValue("closedSoFar", closed)
                .log("too many connections without a key");
          }
          old.close(true);
        });
  }

  private Optional<Session> oldest(String address) {
    long same = unauthenticated.values().stream().filter(address::equals).count();
    if (same >= maxUnauthenticatedPerAddress) {
      return unauthenticated.entrySet().stream()
          .filter(open -> open.getValue().equals(address))
          .map(Map.Entry::getKey)
          .findFirst();
    }
    return unauthenticated.size() >= maxSessions
        ? unauthenticated.keySet().stream().findFirst()
        : Optional.empty();
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event != Event.Authenticated) {
      return;
    }
    boolean tooMany;
    synchronized (this) {
      if (unauthenticated.remove(session) == null) {
        return; // closed meanwhile
      }
      authenticated++;
      session.setAttribute(ReceiverServer.COUNTED, true);
      tooMany = authenticated > maxSessions;
    }
    if (tooMany) {
      LOG.atWarn().addKeyValue("limit", maxSessions).log("too many ssh sessions");
      session.close(true);
    }
  }

  @Override
  public synchronized void sessionClosed(Session session) {
    unauthenticated.remove(session);
    if (session.removeAttribute(ReceiverServer.COUNTED) != null) {
      authenticated--;
    }
  }

  /** The address without the port, e.g. {@code 192.0.2.7}. */
  static String address(Session session) {
    SocketAddress remote = session.getIoSession().getRemoteAddress();
    InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    return address == null ? String.valueOf(remote) : address.getHostAddress();
  }
}
