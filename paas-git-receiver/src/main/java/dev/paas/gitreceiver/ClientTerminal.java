package dev.paas.gitreceiver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The terminal that a client of ssh sits at, which passes on each key as it is typed. Until a
 * command asks for the keys, it is handled like one that does not: lines begin at the left, and
 * Ctrl-C hangs up. Safe from any thread.
 */
public final class ClientTerminal {

  /** Its size in characters, as the client says it; 0 for unknown. */
  public record Size(int columns, int rows) {}

  private final String type;
  private final List<Consumer<Size>> resized = new ArrayList<>();
  private final List<IntConsumer> signalled = new ArrayList<>();
  private Size size;
  private volatile boolean raw;

  /**
   * @param type as the variable TERM has it; may be empty
   */
  public ClientTerminal(String type, Size size) {
    this.type = type;
    this.size = size;
  }

  public String type() {
    return type;
  }

  public synchronized Size size() {
    return size;
  }

  /** Whether a command has the keys, and prints what the terminal is to obey. */
  public boolean isRaw() {
    return raw;
  }

  /** Says whether a command has the keys from now on. */
  public void raw(boolean now) {
    raw = now;
  }

  /** Hears each other size from now on. */
  public void onResize(Consumer<Size> listener) {
    synchronized (this) {
      resized.add(listener);
    }
  }

  /** Hears the numbers of signals that the client asks for. */
  public void onSignal(IntConsumer listener) {
    synchronized (this) {
      signalled.add(listener);
    }
  }

  /** The client says another size. */
  public void resize(Size now) {
    List<Consumer<Size>> all;
    synchronized (this) {
      size = now;
      all = List.copyOf(resized);
    }
    all.forEach(listener -> listener.accept(now));
  }

  /** The client asks for a signal. */
  public void signal(int number) {
    List<IntConsumer> all;
    synchronized (this) {
      all = List.copyOf(signalled);
    }
    all.forEach(listener -> listener.accept(number));
  }
}
