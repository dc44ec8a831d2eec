package dev.paas.runtime.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * Ends with the next byte once its reader is interrupted. A read of a socket takes no notice of
 * that, and its time limit begins again with every byte: a registry that sends one now and then
 * would hold whoever reads for ever.
 */
final class InterruptibleInput extends FilterInputStream {

  InterruptibleInput(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    requireWanted();
    return in.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    requireWanted();
    return in.read(target, offset, length);
  }

  private static void requireWanted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("cancelled");
    }
  }
}
