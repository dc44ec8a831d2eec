package dev.paas.gitreceiver.upload;

import dev.paas.base.time.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * What a client sends, for as long as it may take. It is held to that as it comes, before it is
 * unpacked: a gzip file may go on for ever and unpack to nothing.
 */
final class Timely extends FilterInputStream {

  private final Ticker ticker;
  private final Duration limit;
  private final long begun;

  Timely(InputStream in, Duration limit, Ticker ticker) {
    super(in);
    this.ticker = ticker;
    this.limit = limit;
    this.begun = ticker.nanos();
  }

  @Override
  public int read() throws IOException {
    check();
    return super.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    check();
    return super.read(target, offset, length);
  }

  private void check() {
    if (ticker.since(begun).compareTo(limit) > 0) {
      throw BadUpload.tooSlow(limit);
    }
  }
}
