package dev.paas.runtime.solve;

import dev.paas.runtime.image.LayerStore;
import dev.paas.runtime.image.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Which layer a step made, by the step's key ({@code cache/steps/<hex>}: a diff id or {@code
 * none}). Nothing is synced: a record that a crash lost costs time, one that leads to a missing
 * layer counts as lost.
 */
final class StepCache {

  /** How long the layers of a step are kept after its last use. */
  private static final Duration KEPT = Duration.ofDays(7);

  private static final String NONE = "none";

  private final Path folder;
  private final LayerStore layers;
  private final Clock clock;
  private final AtomicLong counter = new AtomicLong();

  StepCache(Path data, LayerStore layers, Clock clock) throws IOException {
    this.folder = Files.createDirectories(data.resolve("cache/steps"));
    this.layers = layers;
    this.clock = clock;
  }

  /** What a step made; the inner value is empty when it changed nothing. */
  Optional<Optional<Sha256>> find(Sha256 key) throws IOException {
    Path file = folder.resolve(key.hex());
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (NoSuchFileException never) {
      return Optional.empty();
    }
    Optional<Optional<Sha256>> found = Optional.empty();
    if (text.equals(NONE)) {
      found = Optional.of(Optional.empty());
    } else if (Sha256.isDigest(text) && layers.find(new Sha256(text)).isPresent()) {
      found = Optional.of(Optional.of(new Sha256(text)));
    }
    if (found.isPresent()) {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }
    return found;
  }

  void put(Sha256 key, Optional<Sha256> layer) throws IOException {
    Path temporary = folder.resolve("tmp-" + counter.incrementAndGet());
    Files.writeString(temporary, layer.map(Sha256::value).orElse(NONE) + "\n");
    Files.move(temporary, folder.resolve(key.hex()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The layers that records lead to; forgets records that nobody used for long. */
  Set<Sha256> layers() throws IOException {
    Instant oldest = clock.instant().minus(KEPT);
    List<Path> all;
    try (Stream<Path> files = Files.list(folder)) {
      all = files.toList();
    }
    Set<Sha256> needed = new HashSet<>();
    for (Path file : all) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        Files.deleteIfExists(file);
        continue;
      }
      String text = Files.readString(file).strip();
      if (Sha256.isDigest(text)) {
        needed.add(new Sha256(text));
      }
    }
    return needed;
  }
}
