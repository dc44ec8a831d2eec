package dev.paas.api.logs;

import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.function.Consumer;

/**
 * Hands on lines that come to a reader who may be slow: what it does not ask for in time is left
 * out, and it is told how many lines that were.
 */
final class ComingLines implements Consumer<LogResource.Line> {

  private final LogMerge merge;
  private final MultiEmitter<? super Object> reader;

  /** Guarded by this. */
  private long leftOut;

  /**
   * @param merge keeps lines until the past before them has been told
   */
  ComingLines(LogMerge merge, MultiEmitter<? super Object> reader) {
    this.merge = merge;
    this.reader = reader;
  }

  @Override
  public synchronized void accept(LogResource.Line line) {
    if (merge.keeps(line)) {
      return;
    }
    if (leftOut > 0 && reader.requested() > 0) {
      reader.emit(notice(line));
      leftOut = 0;
    }
    if (reader.requested() > 0) {
      reader.emit(line);
    } else {
      leftOut++;
    }
  }

  private LogResource.Line notice(LogResource.Line next) {
    return new LogResource.Line(
        next.at(),
        PlatformLineRow.SPEAKER,
        "",
        LogResource.Line.PLATFORM,
        leftOut + " lines of the platform are left out here: they came faster than they were read");
  }
}
