package dev.paas.runtime.solve;

import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.LayerStore;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which layer a step made, by the step's key ({@code cache/steps/<hex>}: a diff id or {@code none},
 * and for whose builds it is, if not for everybody's). Nothing is synced: a record that a crash
 * lost costs time, one that leads to a missing layer counts as lost.
 */
final class StepCache {

  /** How long the layers of a step are kept after its last use. */
  private static final Duration KEPT = Duration.ofDays(7);

  private static final String NONE = "none";
  private static final String TEMPORARY = "tmp-";

  private final Path folder;
  private final LayerStore layers;
  private final Clock clock;
  private final AtomicLong counter = new AtomicLong();

  StepCache(Path data, LayerStore layers, Clock clock) throws IOException {
    this.folder = Files.createDirectories(data.resolve("cache/steps"));
    this.layers = layers;
    this.clock = clock;
  }

  /** What a step made. */
  Optional<CacheHit> find(Sha256 key) throws IOException {
    Path file = folder.resolve(key.hex());
    Optional<Step> step = read(file);
    if (step.isEmpty()) {
      return Optional.empty();
    }
    Optional<CacheHit> found = Optional.empty();
    String made = step.get().made();
    if (made.equals(NONE)) {
      found = Optional.of(new CacheHit(Optional.empty()));
    } else if (Sha256.isDigest(made) && layers.find(new Sha256(made)).isPresent()) {
      found = Optional.of(new CacheHit(Optional.of(new Sha256(made))));
    }
    if (found.isPresent()) {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }
    return found;
  }

  /**
   * @param scope whose builds find it, empty for everybody's
   */
  void put(Sha256 key, Optional<Sha256> layer, String scope) throws IOException {
    Path temporary = folder.resolve(TEMPORARY + counter.incrementAndGet());
    Files.writeString(
        temporary, (layer.map(Sha256::value).orElse(NONE) + " " + scope).strip() + "\n");
    Files.move(temporary, folder.resolve(key.hex()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The layers that records lead to; forgets records that nobody used for long. */
  Set<Sha256> layers() throws IOException {
    Instant oldest = clock.instant().minus(KEPT);
    Set<Sha256> needed = new HashSet<>();
    each(
        (file, step) -> {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
            Files.deleteIfExists(file);
          } else if (Sha256.isDigest(step.made())) {
            needed.add(new Sha256(step.made()));
          }
        });
    return needed;
  }

  /** The layers of steps that are for these builds alone. */
  Set<Sha256> layers(String scope) throws IOException {
    Set<Sha256> own = new HashSet<>();
    each(
        (file, step) -> {
          if (step.scope().equals(scope) && Sha256.isDigest(step.made())) {
            own.add(new Sha256(step.made()));
          }
        });
    return own;
  }

  /** Forgets these steps; a build that has found one goes on with its layer. */
  void forget(String scope) throws IOException {
    each(
        (file, step) -> {
          if (step.scope().equals(scope)) {
            Files.deleteIfExists(file);
          }
        });
  }

  private record Step(String made, String scope) {}

  private interface Visit {
    void record(Path file, Step step) throws IOException;
  }

  private void each(Visit visit) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Optional<Step> step = read(file);
        if (step.isPresent() && !String.valueOf(file.getFileName()).startsWith(TEMPORARY)) {
          try {
            visit.record(file, step.get());
          } catch (NoSuchFileException gone) {
            // Somebody else has forgotten it, too.
          }
        }
      }
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
  }

  private static Optional<Step> read(Path file) throws IOException {
    try {
      String[] words = Files.readString(file).strip().split(" ", 2);
      return Optional.of(new Step(words[0], words.length > 1 ? words[1] : ""));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }
}
