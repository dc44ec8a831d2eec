package dev.paas.runtime.image;

import dev.paas.base.disk.DurableFile;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The names of images, each a line of one file, which is replaced with every change. A change holds
 * once it is in the file: one that could not be written is not believed either, so that it is
 * written when it is asked for again.
 */
final class ImageNames {

  private final DurableFile file;

  /** Guarded by this. */
  private Map<ImageName, ImageDigest> names = new TreeMap<>();

  /**
   * @param present whether there is such an image: a name of another is dropped
   */
  ImageNames(Path file, Predicate<ImageDigest> present) throws IOException {
    this.file = new DurableFile(file);
    Optional<byte[]> stored = this.file.read();
    if (stored.isPresent()) {
      Json.read(stored.get())
          .properties()
          .forEach(
              e -> {
                ImageDigest digest = ImageDigest.parse(e.getValue().asText());
                if (present.test(digest)) {
                  names.put(ImageName.parse(e.getKey()), digest);
                }
              });
    }
  }

  synchronized Optional<ImageDigest> find(ImageName name) {
    return Optional.ofNullable(names.get(name));
  }

  /** The names that lead to an image. */
  synchronized Set<String> of(ImageDigest image) {
    Set<String> own = new HashSet<>();
    names.forEach(
        (name, digest) -> {
          if (digest.equals(image)) {
            own.add(name.toString());
          }
        });
    return own;
  }

  /** The images that have a name like this. */
  synchronized Set<ImageDigest> like(Predicate<ImageName> wanted) {
    Set<ImageDigest> named = new HashSet<>();
    names.forEach(
        (name, digest) -> {
          if (wanted.test(name)) {
            named.add(digest);
          }
        });
    return named;
  }

  /** The images that have a name. */
  synchronized Set<ImageDigest> named() {
    return Set.copyOf(names.values());
  }

  /** Makes a name lead to an image; the answer is the one that it led to before. */
  synchronized Optional<ImageDigest> put(ImageName name, ImageDigest digest) {
    ImageDigest before = names.get(name);
    if (!digest.equals(before)) {
      Map<ImageName, ImageDigest> changed = new TreeMap<>(names);
      changed.put(name, digest);
      replace(changed);
    }
    return Optional.ofNullable(before);
  }

  /** False: there was no such name. */
  synchronized boolean remove(ImageName name) {
    return removeAll(name::equals);
  }

  /** Removes every name in the repository of this one. */
  synchronized void removeRepository(ImageName any) {
    var unused =
        removeAll(
            name ->
                name.registry().equals(any.registry())
                    && name.repository().equals(any.repository()));
  }

  private boolean removeAll(Predicate<ImageName> which) {
    Map<ImageName, ImageDigest> changed = new TreeMap<>(names);
    boolean removed = changed.keySet().removeIf(which);
    if (removed) {
      replace(changed);
    }
    return removed;
  }

  private void replace(Map<ImageName, ImageDigest> changed) {
    Map<String, String> out = new TreeMap<>();
    changed.forEach((name, digest) -> out.put(name.toString(), digest.toString()));
    try {
      file.write(Json.write(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    names = changed;
  }
}
