package dev.paas.runtime.archive;

import com.google.protobuf.ByteString;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageDetails;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.LoadImageResponse;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PushImageEvent;
import dev.paas.contract.runtime.PushImageRequest;
import dev.paas.contract.runtime.SaveImageRequest;
import dev.paas.contract.runtime.TagImageRequest;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ChunkStream;
import dev.paas.runtime.image.ImageDigest;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.RegistryCredentials;
import dev.paas.runtime.registry.RegistryReach;
import dev.paas.runtime.registry.RegistrySource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The contract's calls on images and archives as plain blocking methods: run them on a worker
 * thread, interrupt it to cancel. Problems come as {@code PaasException}.
 */
public final class ArchiveCalls {

  /** One message, in bytes. */
  private static final int CHUNK = 256 << 10;

  /** Archives that come in at once; each holds megabytes while it is unpacked. */
  private static final int MAX_LOADS = 2;

  /** Archives that go out at once: each keeps a disk and a core busy. */
  private static final int MAX_SAVES = 4;

  /** Images that go to registries at once; these may take as long as they like. */
  private static final int MAX_PUSHES = 8;

  /** For a place; whoever waits has a worker thread. */
  private static final int WAIT_SECONDS = 30;

  private final ImageStore store;
  private final RegistryReach everybody;
  private final Duration stalled;
  private final Runnable collector;
  private final ImageSaver saver;
  private final ImageLoader loader;
  private final Semaphore loads = new Semaphore(MAX_LOADS, true);
  private final Semaphore saves = new Semaphore(MAX_SAVES, true);
  private final Semaphore pushes = new Semaphore(MAX_PUSHES, true);

  /**
   * @param everybody what people reach who are no admins
   * @param stalled how long the other end of a transfer may take and give nothing
   * @param collector is told when an archive was refused, so that what was unpacked of it can go
   */
  public ArchiveCalls(
      ImageStore store, RegistryReach everybody, Duration stalled, Runnable collector) {
    this.store = store;
    this.everybody = everybody;
    this.stalled = stalled;
    this.collector = collector;
    this.saver = new ImageSaver(store);
    this.loader = new ImageLoader(store);
  }

  /** Sends an image as an archive, a piece at a time. */
  public void save(SaveImageRequest request, Consumer<ByteString> pieces)
      throws IOException, InterruptedException {
    OutputStream each =
        new OutputStream() {
          @Override
          public void write(int b) {
            pieces.accept(ByteString.copyFrom(new byte[] {(byte) b}));
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            pieces.accept(ByteString.copyFrom(bytes, offset, length));
          }
        };
    take(saves);
    try (OutputStream out = new BufferedOutputStream(each, CHUNK)) {
      saver.save(request.getRef(), request.getFormat(), request.getNamesList(), out);
    } finally {
      saves.release();
    }
  }

  /** Stores the images of the archive that the chunks after the header make up. */
  public LoadImageResponse load(LoadImageRequest.Header header, Iterator<ByteString> chunks)
      throws IOException, InterruptedException {
    take(loads);
    boolean loaded = false;
    try (InputStream archive = new ChunkStream(chunks)) {
      LoadImageResponse answer = loader.load(header, archive);
      loaded = true;
      return answer;
    } finally {
      loads.release();
      if (!loaded) {
        collector.run();
      }
    }
  }

  private static void take(Semaphore places) throws InterruptedException {
    if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw Problem.of(
              Kind.BUSY,
              "image.busy",
              "Other images are being saved, loaded and pushed",
              "Try again when they are done.")
          .asException();
    }
  }

  /** Sends an image to a registry. Progress first, the digest last. */
  public void push(PushImageRequest request, Consumer<PushImageEvent> events)
      throws IOException, InterruptedException {
    ImageName target = ImageName.parse(request.getTarget());
    if (target.pinned().isPresent() || target.app().isPresent() || target.user().isPresent()) {
      throw Problem.of(
              Kind.INVALID,
              "image.reserved-name",
              "An image can't be pushed to a digest, nor to a name of this platform's own",
              request.getTarget(),
              "Name a registry, a repository and a tag.")
          .asException();
    }
    RegistrySource registry =
        new RegistrySource(
            new RegistryCredentials(request.getUsername(), request.getPassword()),
            request.getRestricted() ? everybody : everybody.ofAdmin());
    ImagePush push =
        new ImagePush(
            store,
            stalled,
            p ->
                events.accept(
                    PushImageEvent.newBuilder()
                        .setProgress(
                            PullImageEvent.Progress.newBuilder()
                                .setWhat(p.what())
                                .setDoneBytes(p.doneBytes())
                                .setTotalBytes(p.totalBytes()))
                        .build()));
    take(pushes);
    try {
      Sha256 pushed = push.run(request.getRef(), target, registry);
      events.accept(PushImageEvent.newBuilder().setDigest(pushed.value()).build());
    } finally {
      pushes.release();
    }
  }

  /**
   * Gives an image one more name. Of an app's names, only that which says the image's own digest
   * can be given: it keeps an image that the app runs without having built it.
   */
  public Image tag(TagImageRequest request) {
    ImageName name = ImageName.parse(request.getName());
    String ref = request.getRef();
    boolean kept =
        ref.startsWith("sha256:") && name.tag().equals(ref.replaceFirst("sha256:", "image-"));
    if ((name.app().isPresent() && !kept) || name.pinned().isPresent()) {
      throw Problem.of(
              Kind.INVALID,
              "image.reserved-name",
              "An image can't be given the name of an app's build, nor a digest",
              request.getName(),
              "Choose another name.")
          .asException();
    }
    ImageStore.Lease held = store.lease();
    try {
      StoredImage image = store.find(request.getRef());
      Optional<ImageDigest> before = store.tag(image.digest(), name.toString());
      return store.find(image.digest().toString()).toMessage(name.toString(), before);
    } finally {
      held.close();
    }
  }

  public ImageDetails inspect(String ref) throws IOException {
    ImageStore.Lease held = store.lease();
    try {
      return ImageInspection.of(store, store.find(ref));
    } finally {
      held.close();
    }
  }
}
