package dev.paas.runtime.registry;

import dev.paas.base.problem.PaasException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A blob that is read on from where a connection broke off (RFC 9110, 14.2). What comes is checked
 * by whoever reads it: a registry that sends another part has sent another content.
 */
final class ResumingBlob extends InputStream {

  private final Opening opening;
  private final RegistryProblems problems;
  private InputStream in;
  private long position;
  private final Pauses pauses = new Pauses();

  /** Opens the blob at a position. */
  interface Opening {
    InputStream at(long position) throws IOException;
  }

  ResumingBlob(Opening opening, RegistryProblems problems) throws IOException {
    this.opening = opening;
    this.problems = problems;
    this.in = opening.at(0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      try {
        int n = in.read(target, offset, length);
        position += Math.max(n, 0);
        if (n > 0) {
          pauses.reset();
        }
        return n;
      } catch (IOException broken) {
        // Also when less comes than the answer's head has announced.
        resume(broken);
      }
    }
  }

  private void resume(IOException broken) throws IOException {
    in.close();
    String why = String.valueOf(broken.getMessage());
    while (pauses.again()) {
      try {
        in = opening.at(position);
        return;
      } catch (PaasException refused) {
        why = refused.problem().what();
      } catch (IOException again) {
        why = String.valueOf(again.getMessage());
      }
    }
    throw problems.failed("its answer breaks off (" + why + ")");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
