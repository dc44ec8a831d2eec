package dev.paas.runtime.tree;

import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.NamePool;
import dev.paas.runtime.linux.file.Names;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The entries of a source tree, by number in the order of their raw paths' bytes. There may be
 * hundreds of thousands, so they are columns and not objects.
 */
public final class TreeEntries {

  private static final int DIGEST = 32;
  private static final int FIRST_SIZE = 16;

  private final NameRoom.Share room;
  private long taken;
  private final Names paths = new Names();
  private final NamePool links = new NamePool();
  private TreeEntry.Type[] types = new TreeEntry.Type[FIRST_SIZE];
  private int[] modes = new int[FIRST_SIZE];
  private long[] sizes = new long[FIRST_SIZE];
  private byte[] contents = new byte[FIRST_SIZE * DIGEST];
  private int[] linkPlaces = new int[FIRST_SIZE];

  /** From the place in the order to the number as which an entry was added. */
  private int[] order = new int[0];

  TreeEntries(NameRoom.Share room) {
    this.room = room;
  }

  /** Adds an entry; {@link #sort} comes before anything is asked. */
  void add(String path, TreeEntry entry) throws InterruptedIOException {
    int number = paths.add(path);
    if (number == modes.length) {
      int larger = 2 * number;
      types = Arrays.copyOf(types, larger);
      modes = Arrays.copyOf(modes, larger);
      sizes = Arrays.copyOf(sizes, larger);
      contents = Arrays.copyOf(contents, larger * DIGEST);
      linkPlaces = Arrays.copyOf(linkPlaces, larger);
    }
    types[number] = entry.type();
    modes[number] = entry.mode();
    sizes[number] = entry.size();
    byte[] digest = HexFormat.of().parseHex(entry.content().hex());
    System.arraycopy(digest, 0, contents, number * DIGEST, DIGEST);
    linkPlaces[number] = entry.link().isEmpty() ? -1 : links.add(entry.link());
    long now =
        paths.bytes()
            + links.bytes()
            + (long) modes.length * (DIGEST + Long.BYTES + 4 * Integer.BYTES);
    if (now > taken) {
      room.take(now - taken);
      taken = now;
    }
  }

  void sort() {
    order = paths.order();
  }

  public int size() {
    return paths.size();
  }

  public String path(int place) {
    return paths.get(order[place]);
  }

  public TreeEntry get(int place) {
    int number = order[place];
    byte[] digest = Arrays.copyOfRange(contents, number * DIGEST, (number + 1) * DIGEST);
    return new TreeEntry(
        types[number],
        modes[number],
        sizes[number],
        new Sha256("sha256:" + HexFormat.of().formatHex(digest)),
        linkPlaces[number] < 0 ? "" : links.get(linkPlaces[number]));
  }

  /** The place of a path, or the one below zero that {@code -1 - place} would be its. */
  public int find(String path) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int compared = path(middle).compareTo(path);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1 - low;
  }

  /** The place of the first entry that is not before a path. */
  public int from(String path) {
    int found = find(path);
    return found < 0 ? -1 - found : found;
  }
}
