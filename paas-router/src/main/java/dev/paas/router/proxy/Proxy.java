package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.router.balance.TwoChoices;
import dev.paas.router.http1.Limits;
import dev.paas.router.log.AccessEntry;
import dev.paas.router.log.AccessLog;
import dev.paas.router.table.LiveTable;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** What all connections share: the table, the limits, the log and the clocks. */
record Proxy(
    PlatformSettings.Router settings,
    Limits limits,
    LiveTable table,
    TwoChoices choices,
    AccessLog log,
    Clock clock,
    Ticker ticker) {

  /** Names a request in the log, at the instance and in the answer; unique, not secret. */
  String newRequestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** Logs a connection that was answered without a request that could be read. */
  void logRefused(String id, String client, Failure failure, String detail) {
    log.add(
        AccessEntry.refused(
            clock.millis(),
            id,
            client,
            failure.status(),
            failure.code(),
            detail.isEmpty() ? null : detail));
  }
}
