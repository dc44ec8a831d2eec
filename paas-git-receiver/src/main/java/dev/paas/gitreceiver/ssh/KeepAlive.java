package dev.paas.gitreceiver.ssh;

import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.session.Session;

/**
 * Keeps a connection open while the server works and the client has nothing to say: a quiet build
 * must look alive to NATs on the way (RFC 4253 §11.2, SSH_MSG_IGNORE) and not idle out here.
 */
final class KeepAlive implements AutoCloseable {

  /** Below the shortest time-outs of NATs and load balancers in use, one minute. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "ssh-keep-alive");
            thread.setDaemon(true);
            return thread;
          });
  private final Duration interval;

  KeepAlive(PlatformSettings.Ssh settings) {
    Duration quarter = settings.idleTimeout().dividedBy(4);
    interval = quarter.compareTo(LONGEST) < 0 ? quarter : LONGEST;
  }

  /** Until the answer is cancelled or the session closed. */
  ScheduledFuture<?> start(Session session) {
    return timer.scheduleAtFixedRate(
        () -> beat(session), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void beat(Session session) {
    try {
      session.resetIdleTimeout();
      session.sendIgnoreMessage(new byte[8]);
    } catch (IOException gone) {
      // Ends this beat's repetition: the session is closed and tells its command so.
      throw new IllegalStateException("the client is gone", gone);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
