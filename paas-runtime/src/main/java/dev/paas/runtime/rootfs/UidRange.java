package dev.paas.runtime.rootfs;

/**
 * The 65,536 host ids that one app's user namespace maps its ids 0 to 65,535 to. Layers and caches
 * are stored with the ids seen inside; only what a process writes to an upper directory carries
 * these host ids.
 *
 * @param first the host id of the namespace's root
 */
public record UidRange(long first) {

  /** How many ids a range has. */
  public static final int SIZE = 65_536;

  public UidRange {
    if (first < SIZE || first + SIZE > 0xffff_fffeL) {
      throw new IllegalArgumentException("a range of ids can't begin at " + first);
    }
  }

  /** The host's id for an id inside. */
  public long outside(int inside) {
    if (inside < 0 || inside >= SIZE) {
      throw new IllegalArgumentException("no such id in a range: " + inside);
    }
    return first + inside;
  }

  /** The id inside for a host id of this range: what a layer that is committed stores. */
  public int inside(long outside) {
    if (outside < first || outside >= first + SIZE) {
      throw new IllegalArgumentException(outside + " is not in the range from " + first);
    }
    return (int) (outside - first);
  }
}
