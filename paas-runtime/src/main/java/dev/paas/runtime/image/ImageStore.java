package dev.paas.runtime.image;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.runtime.content.Blobs;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerUnpacker;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.registry.RegistryClient;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of this host. An image is: layers (see {@link LayerStore}), a configuration and a
 * manifest (blobs), and a record {@code images/<hex>.json} that is written last and makes it one. A
 * name is a line in {@code names.json}. Whoever makes content holds a {@link #lease}, and the
 * collector waits for no one: it does nothing while a lease is held.
 */
public final class ImageStore {

  private static final Logger log = LoggerFactory.getLogger(ImageStore.class);

  /**
   * Docker's own bound of layers in one image; each is named in the options of a mount, which are
   * one page.
   */
  public static final int MAX_LAYERS = 127;

  /** Built images carry no time, so that equal content has an equal digest. */
  private static final Instant EPOCH = Instant.EPOCH;

  private final ImageRecords images;
  private final ImageNames names;
  private final Blobs blobs;
  private final LayerStore layers;
  private final TreeStore trees;
  private final NameRoom room;
  private final ReentrantReadWriteLock content = new ReentrantReadWriteLock();

  /** In a folder whose disk has no reserve. */
  public ImageStore(Path data, TreeStore.Limits treeLimits, NameRoom room, Clock clock)
      throws IOException {
    this(data, treeLimits, room, clock, new DiskSpace(data, new DataSize(0)));
  }

  /**
   * @param data the folder {@code <data>/runtime}
   * @param disk with less than whose reserve no image is taken in
   */
  public ImageStore(
      Path data, TreeStore.Limits treeLimits, NameRoom room, Clock clock, DiskSpace disk)
      throws IOException {
    // Nobody but root passes: what images brought has their modes, setuid bits too. Whoever runs an
    // image reaches its files through mounts, which need no way to the store.
    Folders.create(data, "rwx------");
    this.room = room;
    this.layers = new LayerStore(data, disk);
    this.trees = new TreeStore(data, treeLimits, room, clock);
    this.blobs = new Blobs(data);
    this.images = new ImageRecords(data, blobs, layers, clock);
    this.names = new ImageNames(data.resolve("names.json"), images::has);
  }

  public LayerStore layers() {
    return layers;
  }

  public TreeStore trees() {
    return trees;
  }

  /** Memory for the names of files, of all that is made here. */
  public NameRoom room() {
    return room;
  }

  /** Keeps everything that is in the store, or comes into it, until it is closed. */
  public Lease lease() {
    // A write lock is tried, never awaited: readers are never behind a waiting writer.
    content.readLock().lock();
    return () -> content.readLock().unlock();
  }

  /** See {@link ImageStore#lease}; close it on the thread that took it. */
  @FunctionalInterface
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /** The image that a name or a digest leads to. */
  public StoredImage find(String refOrDigest) {
    return lookUp(refOrDigest).orElseThrow(() -> unknown(refOrDigest));
  }

  /** What is said of an image that is not there, or not for the one who asks. */
  public PaasException unknown(String refOrDigest) {
    return Problem.of(
            Kind.NOT_FOUND,
            "image.not-found",
            "There is no such image on this host",
            refOrDigest,
            "Import it with paas image import, or name one that paas image ls shows.")
        .asException();
  }

  /** Like {@link #find}, or nothing. */
  public Optional<StoredImage> lookUp(String refOrDigest) {
    ImageDigest digest;
    if (Sha256.isDigest(refOrDigest)) {
      digest = ImageDigest.parse(refOrDigest);
    } else {
      ImageName name = ImageName.parse(refOrDigest);
      Optional<ImageDigest> pinned = Optional.ofNullable(name.digest()).map(ImageDigest::new);
      Optional<ImageDigest> named = names.find(name).or(() -> pinned);
      if (named.isEmpty()) {
        return Optional.empty();
      }
      digest = named.get();
    }
    return images.find(digest).map(image -> stored(image, images.config(image)));
  }

  /** The documents of an image, byte by byte as they came. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never changed
  public record Documents(byte[] manifest, byte[] configuration) {}

  public Documents documents(ImageDigest digest) throws IOException {
    return images.documents(digest);
  }

  /** All images, the newest first, without their configurations. */
  public List<StoredImage> list() {
    return images.all().stream()
        .map(image -> stored(image, ImageConfig.getDefaultInstance()))
        .sorted((a, b) -> b.created().compareTo(a.created()))
        .toList();
  }

  /** The layers of the images that have a name like this. */
  public Set<Sha256> layers(Predicate<ImageName> wanted) {
    Set<Sha256> found = new HashSet<>();
    names
        .like(wanted)
        .forEach(digest -> images.find(digest).ifPresent(it -> found.addAll(it.layers())));
    return found;
  }

  private StoredImage stored(ImageRecords.Known image, ImageConfig config) {
    long bytes = 0;
    for (Sha256 layer : new HashSet<>(image.layers())) {
      bytes += layers.get(layer).bytes();
    }
    return new StoredImage(
        image.digest(),
        names.of(image.digest()),
        config,
        image.layers(),
        directories(image.layers()),
        bytes,
        image.created());
  }

  /** The directories of layers, lowest first; of equal layers only the highest counts. */
  public List<Path> directories(List<Sha256> diffIds) {
    LinkedHashSet<Sha256> highestFirst = new LinkedHashSet<>();
    for (int i = diffIds.size() - 1; i >= 0; i--) {
      highestFirst.add(diffIds.get(i));
    }
    List<Path> lowestFirst = new ArrayList<>();
    for (Sha256 id : highestFirst) {
      lowestFirst.add(0, layers.get(id).directory());
    }
    return lowestFirst;
  }

  /**
   * Makes a name lead to an image.
   *
   * @return the image that the name led to before
   */
  public Optional<ImageDigest> tag(ImageDigest digest, String name) {
    ImageName parsed = ImageName.parse(name);
    if (!images.has(digest)) {
      throw new IllegalArgumentException("no such image: " + digest);
    }
    return names.put(parsed, digest);
  }

  /** Removes a name; its image is collected when nothing else needs it. False: no such name. */
  public boolean untag(String name) {
    return names.remove(ImageName.parse(name));
  }

  /** Removes every name in a repository, e.g. {@code apps/shop}. */
  public void untagRepository(String repository) {
    names.removeRepository(ImageName.parse(repository));
  }

  /**
   * Makes an image of stored layers, with a manifest of our own: the same layers and configuration
   * always give the same digest.
   */
  public StoredImage create(ImageConfig config, List<Sha256> diffIds, String name)
      throws IOException {
    Lease held = lease();
    try {
      byte[] configuration = ImageConfigs.write(config, diffIds, EPOCH);
      byte[] manifest = Manifests.write(configuration, diffIds.stream().map(layers::get).toList());
      return add(manifest, configuration, name);
    } finally {
      held.close();
    }
  }

  /**
   * Adds an image whose layers are all in the layer store; flushes them first.
   *
   * @param name may be empty
   */
  public StoredImage add(byte[] manifest, byte[] configuration, String name) throws IOException {
    if (configuration.length > RegistryClient.MAX_DOCUMENT) {
      throw largeConfiguration(
          RegistryClient.MAX_DOCUMENT + " bytes", Integer.toString(configuration.length));
    }
    JsonNode parsed;
    try {
      parsed = Json.read(configuration);
    } catch (StreamConstraintsException tooMany) {
      throw largeConfiguration(Json.MAX_TOKENS + " values", "");
    }
    ImageConfig config = ImageConfigs.parse(parsed);
    ImageConfigs.check(config);
    List<Sha256> diffIds = ImageConfigs.diffIds(parsed);
    diffIds.forEach(layers::get);
    layers.flush();
    ImageRecords.Known known = images.add(manifest, configuration, diffIds);
    if (!name.isEmpty()) {
      var unused = tag(known.digest(), name);
    }
    return stored(known, config);
  }

  private static PaasException largeConfiguration(String most, String found) {
    return Problem.of(
            Kind.TOO_LARGE,
            "image.too-large",
            "The configuration of an image may have " + most + ", this one has more",
            found,
            "Leave labels and variables out.")
        .asException();
  }

  /** Whether an image could have this configuration. */
  public static void check(ImageConfig config) {
    ImageConfigs.check(config);
  }

  /**
   * Imports a root filesystem as an image of one layer.
   *
   * @param tar plain, gzip or zstd, told apart by their first bytes
   */
  public StoredImage importTar(String name, ImageConfig config, InputStream tar)
      throws IOException {
    ImageName.parse(name);
    Lease held = lease();
    try {
      ImageConfigs.check(config);
      Layer layer = LayerUnpacker.unpack(layers, room.limits(), tar);
      StoredImage image = create(config, List.of(layer.diffId()), name);
      log.atInfo()
          .addKeyValue("image", image.digest())
          .addKeyValue("name", name)
          .addKeyValue("bytes", image.bytes())
          .log("image imported");
      return image;
    } finally {
      held.close();
    }
  }

  /** How far a pull is. */
  public record Progress(String what, long doneBytes, long totalBytes) {}

  /**
   * Fetches an image from its registry; what is already here is not fetched again.
   *
   * @return the image as it is then
   */
  public StoredImage pull(String ref, RegistrySource source, Consumer<Progress> progress)
      throws IOException, InterruptedException {
    ImageName name = ImageName.parse(ref);
    return pull(name, name, source, progress).image();
  }

  /** An image with the name that was given to it, and what that led to before. */
  record Named(StoredImage image, ImageName name, Optional<ImageDigest> before) {}

  /** The same under another name than the registry's. */
  Named pull(ImageName ref, ImageName name, RegistrySource source, Consumer<Progress> progress)
      throws IOException, InterruptedException {
    Lease held = lease();
    try {
      StoredImage image = new Pull(this, ref, source, progress).run();
      Optional<ImageDigest> before = tag(image.digest(), name.toString());
      return new Named(find(image.digest().toString()), name, before);
    } finally {
      held.close();
    }
  }

  /** Temporary files of work that is over; none while somebody works, who may still need them. */
  public List<String> leftOver() throws IOException {
    if (content.getReadHoldCount() > 0 || !content.writeLock().tryLock()) {
      return List.of();
    }
    try {
      return layers.leftOver();
    } finally {
      content.writeLock().unlock();
    }
  }

  /**
   * Removes images that have no name and are not in use, then layers and blobs that no image and no
   * cached step needs. Does nothing while a lease is held: the next run will.
   *
   * @param inUse images of running or starting instances, and of releases that are kept
   * @param cached layers of cached build steps
   */
  public boolean collectGarbage(Supplier<Set<ImageDigest>> inUse, Supplier<Set<Sha256>> cached)
      throws IOException {
    if (content.getReadHoldCount() > 0 || !content.writeLock().tryLock()) {
      return false;
    }
    try {
      layers.removeLeftOver();
      Set<ImageDigest> roots = new HashSet<>(inUse.get());
      roots.addAll(names.named());
      Set<Sha256> neededLayers = new HashSet<>(cached.get());
      Set<Sha256> neededBlobs = new HashSet<>();
      for (ImageRecords.Known image : images.all()) {
        if (roots.contains(image.digest())) {
          neededLayers.addAll(image.layers());
          neededBlobs.add(image.digest().manifest());
          neededBlobs.add(image.config());
        } else {
          images.remove(image);
          log.atInfo().addKeyValue("image", image.digest()).log("image collected");
        }
      }
      blobs.retain(neededBlobs);
      layers.retain(neededLayers);
      trees.collect();
      return true;
    } finally {
      content.writeLock().unlock();
    }
  }
}
