package dev.paas.api.ssh;

import dev.paas.cli.terminal.Tty;
import dev.paas.gitreceiver.ClientTerminal;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The terminal at the other end of ssh, as the command wants one. */
record SshTty(ClientTerminal terminal) implements Tty {

  /** Sizes and signals that wait for a command. */
  private static final int WAITING = 16;

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "ssh-terminal");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public String type() {
    return terminal.type();
  }

  @Override
  public Raw raw(Consumer<Size> resized, IntConsumer signalled) {
    terminal.raw(true);
    // The SSH server tells these on the threads that carry everybody's bytes: none may wait here
    // for a command that reads nothing. What is too much is left out; a later size says more.
    ThreadPoolExecutor told =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            SshTty::thread,
            new ThreadPoolExecutor.DiscardOldestPolicy());
    terminal.onResize(size -> told.execute(() -> resized.accept(size(size))));
    terminal.onSignal(signal -> told.execute(() -> signalled.accept(signal)));
    return new Raw() {
      @Override
      public Size size() {
        return SshTty.size(terminal.size());
      }

      @Override
      public void close() {
        terminal.raw(false);
        told.shutdownNow();
      }
    };
  }

  private static Size size(ClientTerminal.Size size) {
    return Size.of(size.columns(), size.rows());
  }
}
