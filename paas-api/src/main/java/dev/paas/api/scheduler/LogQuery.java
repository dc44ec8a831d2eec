package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.Locale;

/**
 * Which lines of an app's log somebody wants, those of instances that are gone included.
 *
 * @param process of this type; empty for all
 * @param slot of this instance of the type; 0 for all
 * @param tail so many of the past; 0 for none
 * @param follow whether new lines come as they are written
 * @param since of this time or later; the epoch for all
 * @param contains with this text, upper and lower case being the same; empty for all
 */
public record LogQuery(
    AppName app,
    String process,
    int slot,
    int tail,
    boolean follow,
    Instant since,
    String contains) {

  /** Of any time and with any text. */
  public LogQuery(AppName app, String process, int slot, int tail, boolean follow) {
    this(app, process, slot, tail, follow, Instant.EPOCH, "");
  }

  /** Whether a line of this time and text is one of them. */
  public boolean takes(Instant at, String text) {
    return !at.isBefore(since)
        && text.toLowerCase(Locale.ROOT).contains(contains.toLowerCase(Locale.ROOT));
  }
}
