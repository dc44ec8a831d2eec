package dev.paas.api.logs;

import java.util.List;
import java.util.function.Consumer;

/** Whoever has lines of an app's log that none of its instances has written. */
interface LineSource {

  /** Ends the following. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A following that has begun.
   *
   * @param past the newest that were wanted then, oldest first
   */
  record Following(List<LogResource.Line> past, Subscription subscription) {}

  /** The newest that are wanted, oldest first. */
  List<LogResource.Line> past(Which which);

  /**
   * Hands on every wanted line that is not of the past, each once, some perhaps before this
   * returns; {@code follower} must not block.
   */
  Following follow(Which which, Consumer<LogResource.Line> follower);

  /** At most the last of the lines. */
  static List<LogResource.Line> last(List<LogResource.Line> lines, int count) {
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }
}
