package dev.paas.gitreceiver.ssh;

import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenSSH's MaxStartups, which MINA lacks, and shares of users: closes the connections that {@link
 * Door} does not let in.
 */
final class ConnectionLimits implements SessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

  private final Door<Session> door;
  private final Executor refusing;
  private final AtomicLong closed = new AtomicLong();

  /**
   * @param refusing runs what must not be done by the thread that reports an event
   */
  ConnectionLimits(PlatformSettings.Ssh settings, Executor refusing) {
    this.refusing = refusing;
    this.door = new Door<>(settings.maxSessions(), settings.maxUnauthenticatedPerAddress());
  }

  @Override
  public void sessionCreated(Session session) {
    door.knock(session, holder(session))
        .ifPresent(
            old -> {
              warn(session, "too many connections without a key");
              old.close(true);
            });
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event != Event.Authenticated) {
      return;
    }
    String user = Objects.requireNonNull(session.getAttribute(ReceiverServer.IDENTITY)).user();
    door.enter(session, user)
        .ifPresent(
            why -> {
              warn(session, why.code());
              refuseLater(session, why);
            });
  }

  /**
   * Not at once: MINA has encrypted the message that the key was right and not sent it yet, so that
   * another message before it would be no message to the client. It holds its lock until then.
   */
  private void refuseLater(Session session, Problem why) {
    try {
      refusing.execute(() -> refuse(session, why));
    } catch (RejectedExecutionException full) {
      session.close(true);
    }
  }

  /** Clients show what a connection was ended with. */
  private static void refuse(Session session, Problem why) {
    String told = String.join(" ", why.lines()) + ". " + why.fix() + " (" + why.code() + ")";
    try {
      session.disconnect(SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS, told);
    } catch (IOException gone) {
      session.close(true);
    }
  }

  /** Powers of two: an attacker must not fill the log. */
  private void warn(Session session, String why) {
    if (Long.bitCount(closed.incrementAndGet()) == 1) {
      LOG.atWarn()
          .addKeyValue("address", address(session))
          .addKeyValue("why", why)
          .addKeyValue("closedSoFar", closed)
          .log("ssh connection closed");
    }
  }

  @Override
  public void sessionClosed(Session session) {
    door.leave(session);
  }

  /** Equal for all addresses that one subscriber has: a /64 of IPv6. */
  private static Object holder(Session session) {
    SocketAddress remote = session.getIoSession().getRemoteAddress();
    InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (address instanceof Inet6Address six) {
      return ByteBuffer.wrap(six.getAddress()).getLong();
    }
    return address == null ? String.valueOf(remote) : address;
  }

  /** The address without the port, e.g. {@code 192.0.2.7}. */
  static String address(Session session) {
    SocketAddress remote = session.getIoSession().getRemoteAddress();
    InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    return address == null ? String.valueOf(remote) : address.getHostAddress();
  }
}
