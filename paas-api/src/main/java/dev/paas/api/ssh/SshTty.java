package dev.paas.api.ssh;

import dev.paas.cli.terminal.Tty;
import dev.paas.gitreceiver.ClientTerminal;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The terminal at the other end of ssh, as the command wants one. */
record SshTty(ClientTerminal terminal) implements Tty {

  @Override
  public String type() {
    return terminal.type();
  }

  @Override
  public Raw raw(Consumer<Size> resized, IntConsumer signalled) {
    terminal.raw(true);
    terminal.onResize(size -> resized.accept(size(size)));
    terminal.onSignal(signalled);
    return new Raw() {
      @Override
      public Size size() {
        return SshTty.size(terminal.size());
      }

      @Override
      public void close() {
        terminal.raw(false);
      }
    };
  }

  private static Size size(ClientTerminal.Size size) {
    return Size.of(size.columns(), size.rows());
  }
}
