package dev.paas.runtime.layer;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Layers as directories: {@code layers/<short>} is the layer's root, {@code layer-records/<short>}
 * says that it is complete: a symbolic link, because its text is written in one step with its name.
 *
 * <ol>
 *   <li>a layer is made in {@code tmp/}; a crash leaves rubbish that the next start removes
 *   <li>renamed to its place; a crash leaves a directory without a record, which the next start
 *       removes
 *   <li>{@link #flush}: sync, then the record; from here on it survives a power cut
 * </ol>
 *
 * A layer that came as a tar has a {@link TarRecipe} beside it, {@code layer-recipes/<short>}.
 *
 * <p>Between 2 and 3 the layer can be used, which lets a build of many steps sync once.
 */
public final class LayerStore {

  private final Path layers;
  private final Path records;
  private final Path recipes;
  private final Path temporary;
  private final DiskSpace disk;
  private final Map<Sha256, Layer> known = new ConcurrentHashMap<>();
  private final Map<Sha256, Layer> unflushed = new ConcurrentHashMap<>();
  private final Object flushing = new Object();
  private final AtomicLong counter = new AtomicLong();

  /** In a folder whose disk has no reserve. */
  public LayerStore(Path data) throws IOException {
    this(data, new DiskSpace(data, new DataSize(0)));
  }

  /**
   * @param disk with less than whose reserve nothing is unpacked
   */
  public LayerStore(Path data, DiskSpace disk) throws IOException {
    this.disk = disk;
    this.layers = Folders.create(data.resolve("layers"), "rwx------");
    this.records = Folders.create(data.resolve("layer-records"), "rwx------");
    this.recipes = Folders.create(data.resolve("layer-recipes"), "rwx------");
    this.temporary = Folders.create(data.resolve("tmp"), "rwx------");
    sweep();
  }

  private void sweep() throws IOException {
    Mounts.unmountBelow(temporary);
    try (Directory tmp = Directory.open(temporary)) {
      tmp.each(
          left -> {
            tmp.removeTree(left.name());
            return true;
          });
    }
    try (Directory all = Directory.open(records)) {
      all.each(
          record -> {
            Optional<Layer> layer =
                record.type() == FileStatus.SYMLINK
                    ? parse(all.readLink(record.name()))
                    : Optional.empty();
            if (layer.isPresent() && Files.isDirectory(layer.get().directory())) {
              known.put(layer.get().diffId(), layer.get());
            } else {
              all.removeTree(record.name());
            }
            return true;
          });
    }
    Set<String> complete = Set.copyOf(known.keySet().stream().map(Sha256::shortHex).toList());
    for (Path folder : List.of(layers, recipes)) {
      try (Directory root = Directory.open(folder)) {
        root.each(
            entry -> {
              if (!complete.contains(entry.name())) {
                root.removeTree(entry.name());
              }
              return true;
            });
      }
    }
  }

  /** What is in the temporary folder, except source trees that may be arriving just now. */
  public List<String> leftOver() throws IOException {
    try (Directory tmp = Directory.open(temporary)) {
      List<String> left = new ArrayList<>();
      tmp.each(entry -> entry.name().startsWith(TreeStore.ARRIVING) || left.add(entry.name()));
      Collections.sort(left);
      return left;
    }
  }

  /** Removes that; the caller knows that nobody makes layers or runs build steps. */
  public void removeLeftOver() throws IOException {
    Mounts.unmountBelow(temporary);
    try (Directory tmp = Directory.open(temporary)) {
      for (String left : leftOver()) {
        tmp.removeTree(left);
      }
    }
  }

  private Optional<Layer> parse(String record) {
    String[] fields = record.split(" ");
    if (fields.length != 3
        || !Sha256.isDigest(fields[0])
        || !fields[1].matches("\\d{1,18}")
        || !fields[2].matches("\\d{1,18}")) {
      return Optional.empty();
    }
    Sha256 diffId = new Sha256(fields[0]);
    return Optional.of(
        new Layer(diffId, place(diffId), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
  }

  private Path place(Sha256 diffId) {
    return layers.resolve(diffId.shortHex());
  }

  public Optional<Layer> find(Sha256 diffId) {
    return Optional.ofNullable(known.get(diffId));
  }

  /** A layer that must be there. */
  public Layer get(Sha256 diffId) {
    return find(diffId)
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.INVALID,
                        "image.layer-missing",
                        "A layer of this image is not stored",
                        diffId.value(),
                        "Pull or build the image again.")
                    .asException());
  }

  /** An empty directory to build a layer in; give it to {@link #publish} or close it. */
  public Staging stage() throws IOException {
    Path made = temporary.resolve("layer-" + counter.incrementAndGet());
    Folders.create(made, "rwxr-xr-x");
    return new Staging(made);
  }

  /** Where this store keeps what a crash may leave behind; emptied at start. */
  public Path temporary() {
    return temporary;
  }

  /** Gives a staged directory its place; a layer that is already there is kept instead. */
  public Layer publish(Staging staged, Sha256 diffId, long bytes, long tarBytes)
      throws IOException {
    synchronized (this) {
      Layer present = known.get(diffId);
      keepRecipe(staged, diffId);
      if (present == null) {
        try (Directory from = Directory.open(temporary);
            Directory to = Directory.open(layers)) {
          from.rename(String.valueOf(staged.path().getFileName()), to, diffId.shortHex());
        }
        Layer layer = new Layer(diffId, place(diffId), bytes, tarBytes);
        unflushed.put(diffId, layer);
        known.put(diffId, layer);
        return layer;
      }
      staged.close();
      return present;
    }
  }

  /** Where the recipe of a layer's tar is, if it came as one. */
  Path recipe(Layer layer) {
    return recipes.resolve(layer.diffId().shortHex());
  }

  /** What the recipe of a layer takes on the disk, in bytes. */
  public long recipeBytes(Layer layer) {
    try {
      return Files.size(recipe(layer));
    } catch (IOException none) {
      return 0; // most layers of builds have none, and any may go at any time
    }
  }

  /** Where the layers are. */
  DiskSpace disk() {
    return disk;
  }

  /** One that is lost with a crash is no loss: the layer is as good without. */
  private void keepRecipe(Staging staged, Sha256 diffId) throws IOException {
    Path place = recipes.resolve(diffId.shortHex());
    if (Files.exists(staged.recipe()) && !Files.exists(place)) {
      Files.move(staged.recipe(), place, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.deleteIfExists(staged.recipe());
  }

  /** Makes every published layer durable. */
  public void flush() throws IOException {
    synchronized (flushing) {
      flushAll();
    }
  }

  private void flushAll() throws IOException {
    List<Layer> waiting = new ArrayList<>(unflushed.values());
    if (waiting.isEmpty()) {
      return;
    }
    LayerSync.sync(layers, waiting);
    try (Directory all = Directory.open(records)) {
      for (Layer layer : waiting) {
        String record = layer.diffId() + " " + layer.bytes() + " " + layer.tarBytes();
        all.removeTree(layer.diffId().shortHex());
        all.makeSymlink(record, layer.diffId().shortHex());
      }
      all.sync();
    }
    for (Layer layer : waiting) {
      unflushed.remove(layer.diffId());
    }
  }

  /** Removes layers that nobody needs: the record first, so that a crash leaves no half layer. */
  public void retain(Set<Sha256> needed) throws IOException {
    List<Layer> dead;
    synchronized (this) {
      dead =
          known.values().stream()
              .filter(l -> !needed.contains(l.diffId()) && !unflushed.containsKey(l.diffId()))
              .toList();
      for (Layer layer : dead) {
        known.remove(layer.diffId());
        Files.deleteIfExists(records.resolve(layer.diffId().shortHex()));
        Files.deleteIfExists(recipe(layer));
      }
      DurableFile.syncDirectory(records);
      try (Directory from = Directory.open(layers);
          Directory to = Directory.open(temporary)) {
        for (Layer layer : dead) {
          from.rename(layer.diffId().shortHex(), to, "dead-" + counter.incrementAndGet());
        }
      }
    }
    try (Directory tmp = Directory.open(temporary)) {
      tmp.each(
          entry -> {
            if (entry.name().startsWith("dead-")) {
              tmp.removeTree(entry.name());
            }
            return true;
          });
    }
  }

  /** A directory that will become a layer. Closing it removes what was not published. */
  public final class Staging implements AutoCloseable {
    private final Path path;

    private Staging(Path path) {
      this.path = path;
    }

    public Path path() {
      return path;
    }

    /** Where to write the recipe of the layer's tar, if it comes as one. */
    Path recipe() {
      return path.resolveSibling(path.getFileName() + ".recipe");
    }

    @Override
    public void close() {
      try (Directory tmp = Directory.open(temporary)) {
        Files.deleteIfExists(recipe());
        tmp.removeTree(String.valueOf(path.getFileName()));
      } catch (FileCallException gone) {
        if (!gone.is(FileCallException.ENOENT)) {
          throw new UncheckedIOException(gone);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
