package dev.paas.base.tar;

import java.io.IOException;

/**
 * Hears of every byte of an archive while it is read, so that it can be written again as it was.
 */
public interface TarTrace {

  /** Keeps nothing. */
  TarTrace NONE =
      new TarTrace() {
        @Override
        public void raw(byte[] bytes, int offset, int length) {}

        @Override
        public void content(String rawPath, long size) {}
      };

  /** Headers, padding, and content that nobody reads. */
  void raw(byte[] bytes, int offset, int length) throws IOException;

  /** The whole content of a file, which its reader keeps. */
  void content(String rawPath, long size) throws IOException;
}
