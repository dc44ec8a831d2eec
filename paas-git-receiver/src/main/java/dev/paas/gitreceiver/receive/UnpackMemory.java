package dev.paas.gitreceiver.receive;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The heap that all pushes together may take while their packs are unpacked: JGit resolves deltas
 * in memory and believes what a pack's header says, so that without it one push could end the
 * daemon.
 */
final class UnpackMemory {

  /** What every push may take unasked, in bytes: nearly all need no more. */
  private static final long UNASKED = 256 << 10;

  private static final int UNIT = 1 << 10;

  /** How long a large push waits for others to be unpacked. */
  private static final int PATIENCE_SECONDS = 60;

  private final DataSize limit;
  private final DataSize maxUnpacked;
  private final Semaphore units;

  /**
   * Of all pushes together.
   *
   * @param limit what they may hold at once
   * @param maxUnpacked what the objects of one push may come to, all of which are hashed
   */
  UnpackMemory(DataSize limit, DataSize maxUnpacked) {
    this.limit = limit;
    this.maxUnpacked = maxUnpacked;
    this.units = new Semaphore(Math.toIntExact(limit.bytes() / UNIT), true);
  }

  Share share() {
    return new Share();
  }

  /** What one push has taken; closing gives it back. Used by one thread at a time. */
  final class Share implements AutoCloseable {

    private int taken;
    private long unpacked;

    /** Counts an object that is so large when it is unpacked, in bytes. */
    void object(long size) throws PackRefusedException {
      unpacked += size;
      if (unpacked > maxUnpacked.bytes()) {
        throw new PackRefusedException(
            Problem.of(
                Kind.INVALID,
                "push.too-complex",
                "The objects of this push come to more than the platform unpacks at once",
                "limit " + maxUnpacked,
                "Push a long history in parts, or raise ssh.max-unpacked."));
      }
    }

    /** Sees to it that the push may take so much in all, in bytes. */
    void need(long bytes) throws PackRefusedException {
      if (bytes <= UNASKED) {
        return;
      }
      if (bytes > limit.bytes()) {
        throw new PackRefusedException(
            Problem.of(
                Kind.INVALID,
                "push.too-complex",
                "Unpacking this push takes more memory than the platform gives to it",
                DataSize.ofMebibytes((bytes >> 20) + 1) + ", limit " + limit,
                "Store large files whole (git config core.bigFileThreshold 4m, git repack -adF), push a long"
                    + " history in parts, or raise ssh.unpack-memory."));
      }
      int more = Math.toIntExact((bytes + UNIT - 1) / UNIT) - taken;
      if (more > 0 && !acquired(more)) {
        throw new PackRefusedException(
            Problem.of(
                Kind.BUSY,
                "push.busy",
                "Other large pushes are being unpacked",
                "Push again in a moment, or raise ssh.unpack-memory."));
      }
      taken += Math.max(more, 0);
    }

    private boolean acquired(int more) {
      try {
        return units.tryAcquire(more, PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    /** Gives back what was taken, now that nothing is unpacked any more. */
    void unpacked() {
      units.release(taken);
      taken = 0;
    }

    @Override
    public void close() {
      unpacked();
    }
  }
}
