package dev.paas.runtime.image;

import com.google.protobuf.ByteString;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PullImageRequest;
import dev.paas.contract.runtime.PutTreeResponse;
import dev.paas.contract.runtime.ResolveImageRequest;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.RegistryCredentials;
import dev.paas.runtime.registry.RegistryReach;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * The image and tree calls of the contract as plain blocking methods: run them on a worker thread,
 * interrupt it to cancel. Problems come as {@code PaasException}.
 */
public final class ImageCalls {

  /** Imports and source trees at once; each holds megabytes while it is unpacked. */
  private static final int MAX_INTAKES = 4;

  /** What admins fetch by hand at once: it waits for no registry that others named. */
  private static final int MAX_OF_ADMINS = 2;

  /** What other people fetch by hand at once. */
  private static final int MAX_OF_USERS = 8;

  private final ImageStore store;
  private final RegistryReach everybody;
  private final Runnable collector;
  private final Semaphore intakes = new Semaphore(MAX_INTAKES, true);
  private final Semaphore ofAdmins = new Semaphore(MAX_OF_ADMINS, true);
  private final Semaphore ofUsers = new Semaphore(MAX_OF_USERS, true);

  /** Apart from the others: a registry may take as long as it likes. */
  private final Semaphore pulls;

  private interface Intake<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * @param everybody what builds and people who are no admins reach
   * @param pullsAtOnce how many images are fetched for builds at once
   * @param collector is told when an image lost its name or was refused, so that what only it
   *     needed can go
   */
  public ImageCalls(
      ImageStore store, RegistryReach everybody, int pullsAtOnce, Runnable collector) {
    this.store = store;
    this.pulls = new Semaphore(pullsAtOnce, true);
    this.everybody = everybody;
    this.collector = collector;
  }

  /** Has what was unpacked of an image that is refused collected soon: it counts for nobody. */
  private <T> T fetched(Semaphore few, Intake<T> intake) throws IOException, InterruptedException {
    boolean whole = false;
    try {
      T image = oneOf(few, intake);
      whole = true;
      return image;
    } finally {
      if (!whole) {
        collector.run();
      }
    }
  }

  private static <T> T oneOf(Semaphore few, Intake<T> intake)
      throws IOException, InterruptedException {
    few.acquire();
    try {
      return intake.run();
    } finally {
      few.release();
    }
  }

  /** Only builds make images of apps; what users load comes from no registry. */
  private static void refuseReserved(String name) {
    ImageName parsed = ImageName.parse(name);
    if (parsed.app().isPresent() || parsed.user().isPresent()) {
      throw Problem.of(
              Kind.INVALID,
              "image.reserved-name",
              "Names that begin with apps/ belong to the builds of apps, those with users/ to what users load",
              name,
              "Choose another name.")
          .asException();
    }
  }

  public boolean hasTree(String digest) {
    return store.trees().has(new Sha256(digest));
  }

  /** Stores the tar that the chunks make up. */
  public PutTreeResponse putTree(Iterator<ByteString> chunks)
      throws IOException, InterruptedException {
    try (InputStream in = new ChunkStream(chunks)) {
      TreeStore.Stored tree = oneOf(intakes, () -> store.trees().put(in));
      return PutTreeResponse.newBuilder()
          .setDigest(tree.digest().value())
          .setBytes(tree.bytes())
          .setEntries(tree.entries())
          .build();
    }
  }

  /**
   * The images that are here.
   *
   * @param ref only the one of this name or digest; empty for all
   */
  public List<dev.paas.contract.runtime.Image> list(String ref) {
    return (ref.isEmpty() ? store.list() : store.lookUp(ref).stream().toList())
        .stream().map(StoredImage::toMessage).toList();
  }

  /** Finds an image that a build names, and fetches it if need be. */
  public dev.paas.contract.runtime.Image resolve(ResolveImageRequest request)
      throws IOException, InterruptedException {
    String ref = request.getRef();
    if (!request.getPull() || Sha256.isDigest(ref) || store.lookUp(ref).isPresent()) {
      return store.find(ref).toMessage();
    }
    refuseReserved(ref);
    long most = request.getMaxBytes() > 0 ? request.getMaxBytes() : Long.MAX_VALUE;
    RegistrySource build = new RegistrySource(RegistryCredentials.NONE, everybody, most);
    return fetched(pulls, () -> store.pull(ref, build, p -> {})).toMessage();
  }

  /** Fetches what somebody names by hand. Progress first, the image last. */
  public void pull(PullImageRequest request, Consumer<PullImageEvent> events)
      throws IOException, InterruptedException {
    refuseReserved(request.getRef());
    RegistrySource source =
        new RegistrySource(
            new RegistryCredentials(request.getUsername(), request.getPassword()),
            request.getRestricted() ? everybody : everybody.ofAdmin(),
            request.getMaxBytes() > 0 ? request.getMaxBytes() : Long.MAX_VALUE);
    ImageName ref = ImageName.parse(request.getRef());
    ImageName name = request.getOwner().isEmpty() ? ref : ref.of(request.getOwner());
    Consumer<ImageStore.Progress> progress =
        p ->
            events.accept(
                PullImageEvent.newBuilder()
                    .setProgress(
                        PullImageEvent.Progress.newBuilder()
                            .setWhat(p.what())
                            .setDoneBytes(p.doneBytes())
                            .setTotalBytes(p.totalBytes()))
                    .build());
    ImageStore.Named pulled =
        fetched(
            request.getRestricted() ? ofUsers : ofAdmins,
            () -> store.pull(ref, name, source, progress));
    events.accept(
        PullImageEvent.newBuilder()
            .setImage(pulled.image().toMessage(pulled.name().toString(), pulled.before()))
            .build());
  }

  /** Imports the tar that the chunks after the header make up. */
  public dev.paas.contract.runtime.Image importImage(
      ImportImageRequest.Header header, Iterator<ByteString> chunks)
      throws IOException, InterruptedException {
    refuseReserved(header.getName());
    try (InputStream in = new ChunkStream(chunks)) {
      return fetched(intakes, () -> store.importTar(header.getName(), header.getConfig(), in))
          .toMessage();
    }
  }

  public boolean remove(String ref) {
    boolean removed = untag(ref);
    if (removed) {
      collector.run();
    }
    return removed;
  }

  private boolean untag(String ref) {
    if (Sha256.isDigest(ref)) {
      List<String> names = List.copyOf(store.find(ref).names());
      names.forEach(store::untag);
      return !names.isEmpty();
    }
    return store.untag(ref);
  }
}
