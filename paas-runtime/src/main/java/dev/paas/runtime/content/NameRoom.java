package dev.paas.runtime.content;

import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/**
 * Memory of this process for the names of files, whose number untrusted code chooses. Work that
 * needs little of it goes on at any time; of what needs more than that, one goes on at a time.
 */
public final class NameRoom {

  /** What everybody may take, in bytes: tens of thousands of names. */
  private static final long SMALL = 6 << 20;

  /**
   * What one layer, or one copy, may have.
   *
   * @param files names, every hard link counted
   * @param nameBytes their sum
   * @param directory names in one directory
   * @param attributeBytes extended attributes of one file
   */
  public record Limits(int files, long nameBytes, int directory, long attributeBytes) {}

  private final Limits limits;
  private final Semaphore large = new Semaphore(1, true);

  public NameRoom(Limits limits) {
    this.limits = limits;
  }

  public Limits limits() {
    return limits;
  }

  /** For one piece of work; it must not wait for another that has a share. */
  public Share share() {
    return new Share();
  }

  /** What one piece of work takes, until it is closed. */
  public final class Share implements AutoCloseable {
    private long taken;
    private boolean isLarge;

    public Limits limits() {
      return limits;
    }

    /** Takes memory; waits its turn when that makes it large. */
    public void take(long bytes) throws InterruptedIOException {
      if (!isLarge && taken + bytes > SMALL) {
        try {
          large.acquire();
        } catch (InterruptedException cancelled) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("cancelled");
        }
        isLarge = true;
      }
      taken += bytes;
    }

    /** Gives memory back; a turn lasts until the share is closed. */
    public void give(long bytes) {
      taken -= bytes;
    }

    @Override
    public void close() {
      taken = 0;
      if (isLarge) {
        isLarge = false;
        large.release();
      }
    }
  }
}
