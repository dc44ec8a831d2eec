package dev.paas.runtime.layer;

import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.linux.file.NamePool;
import dev.paas.runtime.linux.file.RawPath;
import java.io.InterruptedIOException;
import java.util.Arrays;

/**
 * Where a walk has first met each file that has several names. A path is kept as its last name and
 * the directory's number, so that deep paths with many files below them take no more than flat
 * ones.
 */
final class LinkedNames {

  private static final int NOWHERE = -1;
  private static final int FIRST_SIZE = 64;

  private final NameRoom.Share room;
  private final NamePool names = new NamePool();
  private long taken;

  /** Directories by their number: the one above, and the name. */
  private int[] parents = new int[FIRST_SIZE];

  private int[] parentNames = new int[FIRST_SIZE];
  private int directories;

  /** Directories from the top to where the walk is: the number of each that has one. */
  private int[] open = new int[FIRST_SIZE];

  private String[] openNames = new String[FIRST_SIZE];
  private int depth;

  /** Files by inode, open addressing; an inode is never 0. */
  private long[] inodes = new long[FIRST_SIZE];

  private int[] places = new int[2 * FIRST_SIZE];
  private int files;

  LinkedNames(NameRoom.Share room) {
    this.room = room;
  }

  void enter(String name) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
      openNames = Arrays.copyOf(openNames, 2 * depth);
    }
    open[depth] = NOWHERE;
    openNames[depth] = name;
    depth++;
  }

  void leave() {
    depth--;
  }

  /** The path at which a file was met first; empty: this is the first time, and it is noted. */
  String first(long inode, String name) throws InterruptedIOException {
    int slot = slot(inode);
    if (inodes[slot] == inode) {
      return path(places[2 * slot], names.get(places[2 * slot + 1]));
    }
    inodes[slot] = inode;
    places[2 * slot] = directory();
    places[2 * slot + 1] = names.add(name);
    files++;
    if (2 * files > inodes.length) {
      grow();
    }
    account();
    return "";
  }

  /** Of an inode, or of the free place where it belongs. */
  private int slot(long inode) {
    int mask = inodes.length - 1;
    int slot = (int) ((inode * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (inodes[slot] != 0 && inodes[slot] != inode) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldInodes = inodes;
    int[] oldPlaces = places;
    inodes = new long[2 * oldInodes.length];
    places = new int[2 * oldPlaces.length];
    for (int i = 0; i < oldInodes.length; i++) {
      if (oldInodes[i] != 0) {
        int slot = slot(oldInodes[i]);
        inodes[slot] = oldInodes[i];
        places[2 * slot] = oldPlaces[2 * i];
        places[2 * slot + 1] = oldPlaces[2 * i + 1];
      }
    }
  }

  /** The number of the directory where the walk is; those above it get one, too. */
  private int directory() {
    int above = NOWHERE;
    for (int i = 0; i < depth; i++) {
      if (open[i] == NOWHERE) {
        if (directories == parents.length) {
          parents = Arrays.copyOf(parents, 2 * directories);
          parentNames = Arrays.copyOf(parentNames, 2 * directories);
        }
        parents[directories] = above;
        parentNames[directories] = names.add(openNames[i]);
        open[i] = directories++;
      }
      above = open[i];
    }
    return above;
  }

  private String path(int directory, String name) {
    String path = name;
    for (int at = directory; at != NOWHERE; at = parents[at]) {
      path = RawPath.join(names.get(parentNames[at]), path);
    }
    return path;
  }

  private void account() throws InterruptedIOException {
    long now =
        names.bytes()
            + (long) Long.BYTES * inodes.length
            + (long) Integer.BYTES * places.length
            + 2L * Integer.BYTES * parents.length;
    if (now > taken) {
      room.take(now - taken);
      taken = now;
    }
  }

  /** Gives back what it took. */
  void close() {
    room.give(taken);
    taken = 0;
  }
}
