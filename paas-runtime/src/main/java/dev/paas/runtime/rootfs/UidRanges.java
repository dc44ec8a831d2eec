package dev.paas.runtime.rootfs;

import dev.paas.base.disk.DurableFile;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which app has which range of ids. Durable: a file that an app wrote must never belong to another
 * one. A range that was given back is used again only when no other is left, the longest unused
 * first.
 */
public final class UidRanges {

  private final DurableFile file;
  private final long base;
  private final int count;
  private final Map<String, Integer> places = new HashMap<>();
  private int next;

  /**
   * @param file lines of {@code app place}, and {@code . next}
   * @param base first id of the first range
   * @param count how many ranges there are
   */
  public UidRanges(DurableFile file, long base, int count) throws IOException {
    this.file = file;
    this.base = base;
    this.count = count;
    for (String line : file.readString().orElse("").lines().toList()) {
      String[] words = line.split(" ");
      if (words[0].equals(".")) {
        next = Integer.parseInt(words[1]);
      } else {
        places.put(words[0], Integer.parseInt(words[1]));
      }
    }
  }

  /** The app's range; allotted, durably, when it has none yet. */
  public synchronized UidRange of(AppName app) throws IOException {
    Integer place = places.get(app.value());
    if (place == null) {
      place = free();
      places.put(app.value(), place);
      next = (place + 1) % count;
      write();
    }
    return range(place);
  }

  /** The app's range if it has one. */
  public synchronized Optional<UidRange> find(AppName app) {
    return Optional.ofNullable(places.get(app.value())).map(this::range);
  }

  /** Takes a range back; nothing of the app may be left on this host. */
  public synchronized void release(AppName app) throws IOException {
    if (places.remove(app.value()) != null) {
      write();
    }
  }

  private UidRange range(int place) {
    return new UidRange(base + (long) place * UidRange.SIZE);
  }

  private int free() {
    for (int tried = 0; tried < count; tried++) {
      int place = (next + tried) % count;
      if (!places.containsValue(place)) {
        return place;
      }
    }
    throw Problem.of(
            Kind.OVER_LIMIT,
            "runtime.no-uid-range",
            "Every range of user ids belongs to an app",
            Integer.toString(count),
            "Remove apps, or raise runtime.uid-ranges.")
        .asException();
  }

  private void write() throws IOException {
    StringBuilder lines = new StringBuilder(". " + next + "\n");
    places.forEach((app, place) -> lines.append(app).append(' ').append(place).append('\n'));
    file.write(lines.toString());
  }
}
