package dev.paas.base.tar;

import java.io.IOException;
import java.io.InputStream;

/**
 * What is left of the entry that a {@link TarReader} is at. Ends with the entry; closing it closes
 * nothing.
 */
public final class TarContent extends InputStream {

  private final TarReader tar;

  public TarContent(TarReader tar) {
    this.tar = tar;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return length == 0 ? 0 : tar.read(target, offset, length);
  }
}
