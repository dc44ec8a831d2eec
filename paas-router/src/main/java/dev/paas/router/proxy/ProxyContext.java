package dev.paas.router.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.router.balance.TwoChoices;
import dev.paas.router.budget.Budget;
import dev.paas.router.budget.Capacity;
import dev.paas.router.budget.Networks;
import dev.paas.router.http1.Limits;
import dev.paas.router.log.AccessEntry;
import dev.paas.router.log.AccessLog;
import dev.paas.router.table.LiveTable;
import io.netty.channel.Channel;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections share: the table, the limits, what they hold, the log and the clocks. */
public record ProxyContext(
    PlatformSettings.Router settings,
    Limits limits,
    LiveTable table,
    TwoChoices choices,
    Budget budget,
    Networks trusted,
    AccessLog log,
    Clock clock,
    Ticker ticker) {

  private static final Logger events = LoggerFactory.getLogger(ProxyContext.class);
  private static final int MILLIS = 1000;

  /** Of a long. */
  private static final int HEX_DIGITS = 16;

  /**
   * What follows from the settings is made here.
   *
   * @param capacity what is more is answered with 503
   */
  public static ProxyContext of(
      PlatformSettings.Router settings,
      Capacity capacity,
      LiveTable table,
      AccessLog log,
      Clock clock,
      Ticker ticker) {
    return new ProxyContext(
        settings,
        Limits.ofHead(settings.maxHeaders().bytes()),
        table,
        new TwoChoices(),
        new Budget(capacity),
        Networks.parse("router.trusted-proxies", settings.trustedProxies()),
        log,
        clock,
        ticker);
  }

  /** Names a request in the log, at the instance and in the answer; unique, not secret. */
  public String newRequestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] digits = new byte[2 * HEX_DIGITS];
    writeHex(random.nextLong(), digits, 0);
    writeHex(random.nextLong(), digits, HEX_DIGITS);
    return new String(digits, ISO_8859_1);
  }

  private static void writeHex(long number, byte[] to, int at) {
    for (int i = 0; i < HEX_DIGITS; i++) {
      int digit = (int) (number >>> (Long.SIZE - 4 - 4 * i)) & 0xf;
      to[at + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
  }

  /**
   * Logs a connection that was answered without a request that could be read.
   *
   * @param sent content bytes of the answer
   */
  public void logRefused(String id, String client, Failure failure, String detail, int sent) {
    log.add(
        AccessEntry.refused(
            clock.millis(),
            id,
            client,
            failure.status(),
            failure.code(),
            detail.isEmpty() ? null : detail,
            sent));
  }

  /** Whether a client has taken enough of its answer since {@code before} bytes were left. */
  public boolean moves(long before, long now) {
    long wanted = settings.minRate().bytes() * settings.sendTimeout().toMillis() / MILLIS;
    return before - now >= Math.max(1, wanted);
  }

  /** A connection ends for a reason that is not the other end's. */
  public void failed(Throwable cause, Channel channel) {
    if (cause instanceof Error) {
      events
          .atError()
          .addKeyValue("cause", cause)
          .addKeyValue("peer", channel.remoteAddress())
          .addKeyValue("connections", budget.connections())
          .addKeyValue("held", budget.bytes())
          .log("a connection was closed");
    }
  }
}
