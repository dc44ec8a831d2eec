package dev.paas.gitreceiver.receive;

import java.util.Arrays;

/**
 * Which object of a pack is a delta to which, and how much heap JGit will hold at once when it
 * resolves them: it goes from a base to its deltas depth first, in the order of the pack, and lets
 * go of an object when its last delta is begun.
 */
final class DeltaForest {

  private static final int WHOLE = -1;
  private static final int NAMED = -2;

  private long[] offsets = new long[64];
  private long[] sizes = new long[64];
  private int[] bases = new int[64];
  private int count;
  private boolean anyNamed;
  private long basesOutside;

  /** An object that is complete in the pack. */
  void whole(long offset, long size) {
    add(offset, size, WHOLE);
  }

  /**
   * A delta to an earlier object of the pack.
   *
   * @return whether there is one at that offset
   */
  boolean delta(long offset, long size, long baseOffset) {
    int base = Arrays.binarySearch(offsets, 0, count, baseOffset);
    if (base >= 0) {
      add(offset, size, base);
    }
    return base >= 0;
  }

  /**
   * A delta to an object that it names by id.
   *
   * @param outside the size of that object in the repository, 0 when it is not there
   */
  void namedDelta(long offset, long size, long outside) {
    anyNamed = true;
    basesOutside += outside;
    add(offset, size, NAMED);
  }

  private void add(long offset, long size, int base) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
      bases = Arrays.copyOf(bases, count * 2);
    }
    offsets[count] = offset;
    sizes[count] = size;
    bases[count] = base;
    count++;
  }

  /** The most that is held at once, in bytes. */
  long peak() {
    long[] held = new long[count];
    boolean[] hasDelta = new boolean[count];
    long whole = 0;
    long named = basesOutside;
    // A base stands before its deltas: going backwards, each delta is complete when it is met, and
    // the first that is met is the last of its base.
    for (int i = count - 1; i >= 0; i--) {
      long own = Math.max(held[i], sizes[i]);
      if (bases[i] == WHOLE) {
        whole = anyNamed || hasDelta[i] ? Math.max(whole, own) : whole;
      } else if (bases[i] == NAMED) {
        // What it names may be anywhere, so that all of these may hang below each other.
        named += own;
      } else {
        int base = bases[i];
        long both = hasDelta[base] ? sizes[base] + own : Math.max(sizes[base] + sizes[i], own);
        held[base] = Math.max(held[base], both);
        hasDelta[base] = true;
      }
    }
    return whole + named;
  }
}
