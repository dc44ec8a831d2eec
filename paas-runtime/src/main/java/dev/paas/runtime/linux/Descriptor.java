package dev.paas.runtime.linux;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor that closes once. */
public final class Descriptor implements AutoCloseable {

  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  public Descriptor(int number) {
    this.number = number;
  }

  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("this descriptor is closed");
    }
    return number;
  }

  /** A path that names what is open, for this process alone. */
  public String path() {
    return "/proc/self/fd/" + number();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Kernel.CALLS.close(number);
    }
  }
}
