package dev.paas.runtime.session.output;

import java.io.IOException;

/** Follows a session's log from a position to its end. */
public final class OutputReader implements AutoCloseable {

  private final OutputLog log;
  private final SessionSink sink;
  private OutputLog.Current file;
  private LogRecords records;
  private long position;

  public OutputReader(OutputLog log, long position, SessionSink sink) throws IOException {
    this.log = log;
    this.position = position;
    this.sink = sink;
    this.file = log.current();
    this.records = new LogRecords(file.file(), file.base());
    skip();
  }

  private void skip() {
    if (file.base() > position) {
      sink.dropped(file.base() - position);
      position = file.base();
    }
  }

  /** Returns when all was passed on and no more will come. */
  public void follow() throws IOException, InterruptedException {
    while (true) {
      long seen = log.looks();
      boolean over = log.isOver();
      // Asked before the last read of a file: what is written after the question is read by it.
      boolean current = log.isCurrent(file.key());
      if (passOn()) {
        continue;
      }
      if (!current) {
        reopen();
      } else if (over) {
        return;
      } else {
        log.await(seen);
      }
    }
  }

  private boolean passOn() throws IOException {
    boolean any = false;
    for (Piece piece : records.next()) {
      any = true;
      if (piece.position() > position) {
        Piece rest = piece.after(position);
        position = rest.position();
        sink.output(rest.data(), rest.stderr(), rest.position());
      }
    }
    return any;
  }

  private void reopen() throws IOException {
    OutputLog.Current next = log.current();
    file.file().close();
    file = next;
    records = new LogRecords(file.file(), file.base());
    skip();
  }

  @Override
  public void close() throws IOException {
    file.file().close();
  }
}
