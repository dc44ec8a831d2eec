package dev.paas.runtime.linux.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Raw names, e.g. those of one directory, which are sorted by their bytes once all are there. */
public final class Names {

  /** Runs of this many are sorted by insertion. */
  private static final int RUN = 16;

  private final NamePool pool = new NamePool();
  private int[] places = new int[RUN];
  private int size;

  /** Adds a raw name; answers its number until the names are sorted. */
  public int add(String raw) {
    return add(pool.add(raw));
  }

  void add(byte[] from, int start, int length) {
    int ignored = add(pool.add(from, start, length));
  }

  private int add(int place) {
    if (size == places.length) {
      places = Arrays.copyOf(places, size + (size >> 1));
    }
    places[size] = place;
    return size++;
  }

  public int size() {
    return size;
  }

  /** The raw name with a number. */
  public String get(int number) {
    return pool.get(places[number]);
  }

  /** The memory they take, sorted or while they are sorted. */
  public long bytes() {
    return pool.bytes() + 2L * Integer.BYTES * places.length;
  }

  void sort() {
    sort(places);
  }

  /** The numbers of the names in the order of their bytes. */
  public int[] order() {
    int[] order = new int[size];
    int[] sorted = Arrays.copyOf(places, size);
    sort(sorted);
    // Places grow with their numbers, so a number is found again by its place.
    for (int i = 0; i < size; i++) {
      order[i] = Arrays.binarySearch(places, 0, size, sorted[i]);
    }
    return order;
  }

  /** Merge sort: the order in which hostile names come costs nothing. */
  private void sort(int[] all) {
    for (int from = 0; from < size; from += RUN) {
      insertionSort(all, from, Math.min(from + RUN, size));
    }
    if (size <= RUN) {
      return;
    }
    int[] other = new int[size];
    for (long width = RUN; width < size; width *= 2) {
      for (long from = 0; from < size; from += 2 * width) {
        int middle = (int) Math.min(from + width, size);
        merge(all, (int) from, middle, (int) Math.min(from + 2 * width, size), other);
      }
      System.arraycopy(other, 0, all, 0, size);
    }
  }

  private void insertionSort(int[] all, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int moved = all[i];
      int at = i;
      for (; at > from && pool.compare(all[at - 1], moved) > 0; at--) {
        all[at] = all[at - 1];
      }
      all[at] = moved;
    }
  }

  private void merge(int[] all, int from, int middle, int to, int[] into) {
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takesLeft =
          left < middle && (right == to || pool.compare(all[left], all[right]) <= 0);
      into[at] = takesLeft ? all[left++] : all[right++];
    }
  }

  /** Of sorted names: the number of the first that is not before a raw name. */
  public int from(String raw) {
    byte[] wanted = raw.getBytes(StandardCharsets.ISO_8859_1);
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pool.compare(places[middle], wanted) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Of sorted names: the number of the first that comes after a raw name. */
  public int after(String raw) {
    int at = from(raw);
    return at < size && get(at).equals(raw) ? at + 1 : at;
  }
}
