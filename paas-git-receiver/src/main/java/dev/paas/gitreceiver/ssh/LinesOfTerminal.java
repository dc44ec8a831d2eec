package dev.paas.gitreceiver.ssh;

import dev.paas.gitreceiver.ClientTerminal;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Begins each line at the left, as the terminal of a shell would, while no command has the keys.
 */
final class LinesOfTerminal extends FilterOutputStream {

  private static final byte[] NEW_LINE = {'\r', '\n'};

  private final ClientTerminal terminal;

  LinesOfTerminal(OutputStream out, ClientTerminal terminal) {
    super(out);
    this.terminal = terminal;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (terminal.isRaw()) {
      out.write(bytes, from, length);
      return;
    }
    int begin = from;
    for (int at = from; at < from + length; at++) {
      if (bytes[at] == '\n') {
        out.write(bytes, begin, at - begin);
        out.write(NEW_LINE);
        begin = at + 1;
      }
    }
    out.write(bytes, begin, from + length - begin);
  }
}
