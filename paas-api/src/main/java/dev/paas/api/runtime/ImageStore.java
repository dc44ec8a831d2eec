package dev.paas.api.runtime;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.InspectImageRequest;
import dev.paas.contract.runtime.ListImagesRequest;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.LoadImageResponse;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PullImageRequest;
import dev.paas.contract.runtime.PushImageEvent;
import dev.paas.contract.runtime.PushImageRequest;
import dev.paas.contract.runtime.RemoveImageRequest;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.contract.runtime.SaveImageChunk;
import dev.paas.contract.runtime.SaveImageRequest;
import dev.paas.contract.runtime.TagImageRequest;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** The images of paas-runtimed; it collects what has no name. */
@ApplicationScoped
public class ImageStore {

  /** One message of an import, in bytes. */
  private static final int CHUNK = 256 << 10;

  private final RuntimeClient runtime;

  ImageStore(RuntimeClient runtime) {
    this.runtime = runtime;
  }

  public List<StoredImage> list() {
    return list("").toList();
  }

  /** The image that a name or a digest leads to. */
  public Optional<StoredImage> find(String ref) {
    return list(ref).findFirst();
  }

  private Stream<StoredImage> list(String ref) {
    ListImagesRequest request = ListImagesRequest.newBuilder().setRef(ref).build();
    return runtime.call(() -> runtime.now().listImages(request)).getImagesList().stream()
        .map(StoredImage::of);
  }

  /**
   * Somebody who deals with a registry.
   *
   * @param username for the registry; empty for nobody
   * @param owner whose the images are; empty for an admin's, who reaches every registry
   */
  public record RegistryUser(String username, String password, String owner) {

    @Override
    public String toString() {
      return username + ":*** for " + owner;
    }
  }

  /**
   * Fetches an image from its registry once somebody subscribes.
   *
   * @param maxBytes what it may unpack to; 0 when nothing limits it
   * @param most how long it may take
   */
  public Multi<PullEvent> pull(String ref, RegistryUser user, long maxBytes, Duration most) {
    return pull(ref, "", user, maxBytes, most);
  }

  /**
   * The same under another name.
   *
   * @param name in full; empty for the registry's, of a user's image behind the user's
   */
  public Multi<PullEvent> pull(
      String ref, String name, RegistryUser user, long maxBytes, Duration most) {
    PullImageRequest request =
        PullImageRequest.newBuilder()
            .setRef(ref)
            .setName(name)
            .setUsername(user.username())
            .setPassword(user.password())
            .setOwner(user.owner())
            .setRestricted(!user.owner().isEmpty())
            .setMaxBytes(maxBytes)
            .build();
    return Multi.createFrom()
        .publisher(
            new Download<PullImageRequest, PullImageEvent>(
                answer -> within(most).pullImage(request, answer)))
        .map(PullEvent::of);
  }

  /** Makes an image of one layer from the tar of a root filesystem. */
  public StoredImage importTar(String name, ImageSettings settings, InputStream tar)
      throws IOException, InterruptedException {
    Upload<ImportImageRequest, Image> upload = new Upload<>(runtime.streaming()::importImage);
    ImportImageRequest.Header header =
        ImportImageRequest.Header.newBuilder().setName(name).setConfig(settings.config()).build();
    sendAll(
        upload,
        ImportImageRequest.newBuilder().setHeader(header).build(),
        data -> ImportImageRequest.newBuilder().setData(data).build(),
        tar);
    return StoredImage.of(upload.finish());
  }

  private RuntimeGrpc.RuntimeStub within(Duration most) {
    return runtime.streaming().withDeadlineAfter(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Sends an image to a registry once somebody subscribes.
   *
   * @param most how long it may take
   */
  public Multi<PushEvent> push(String digest, String target, RegistryUser user, Duration most) {
    PushImageRequest request =
        PushImageRequest.newBuilder()
            .setRef(digest)
            .setTarget(target)
            .setUsername(user.username())
            .setPassword(user.password())
            .setRestricted(!user.owner().isEmpty())
            .build();
    return Multi.createFrom()
        .publisher(
            new Download<PushImageRequest, PushImageEvent>(
                answer -> within(most).pushImage(request, answer)))
        .map(PushEvent::of);
  }

  /**
   * An image as an archive, a piece at a time, made once somebody subscribes.
   *
   * @param digest of the image
   * @param names what the archive calls it
   */
  public Multi<byte[]> save(String digest, ArchiveFormat format, List<String> names) {
    SaveImageRequest request =
        SaveImageRequest.newBuilder()
            .setRef(digest)
            .setFormat(format.sent())
            .addAllNames(names)
            .build();
    return Multi.createFrom()
        .publisher(
            new Download<SaveImageRequest, SaveImageChunk>(
                answer -> runtime.streaming().saveImage(request, answer)))
        .map(chunk -> chunk.getData().toByteArray());
  }

  /**
   * Stores the images of an archive.
   *
   * @param name what it is called; empty for the names that the archive has
   * @param owner whose images they become; empty for nobody's
   * @param maxBytes what they may unpack to; 0 when nothing limits it
   * @return the images, each with the names that it was given now
   */
  public List<StoredImage> load(String name, String owner, long maxBytes, InputStream archive)
      throws IOException, InterruptedException {
    Upload<LoadImageRequest, LoadImageResponse> upload =
        new Upload<>(runtime.streaming()::loadImage);
    LoadImageRequest.Header header =
        LoadImageRequest.Header.newBuilder()
            .setName(name)
            .setOwner(owner)
            .setMaxBytes(maxBytes)
            .build();
    sendAll(
        upload,
        LoadImageRequest.newBuilder().setHeader(header).build(),
        data -> LoadImageRequest.newBuilder().setData(data).build(),
        archive);
    return upload.finish().getImagesList().stream()
        .map(loaded -> StoredImage.of(loaded.getImage(), loaded.getNamesList()))
        .toList();
  }

  /** Gives an image one more name. */
  public StoredImage tag(String ref, String name) {
    TagImageRequest request = TagImageRequest.newBuilder().setRef(ref).setName(name).build();
    return StoredImage.of(runtime.call(() -> runtime.now().tagImage(request)));
  }

  /** What the documents of an image say. */
  public InspectedImage inspect(String ref) {
    InspectImageRequest request = InspectImageRequest.newBuilder().setRef(ref).build();
    return InspectedImage.of(runtime.call(() -> runtime.now().inspectImage(request)));
  }

  /** Sends a header and then all of a stream; cancels the call when the stream breaks off. */
  private static <Q> void sendAll(
      Upload<Q, ?> upload, Q header, Function<ByteString, Q> piece, InputStream bytes)
      throws IOException {
    boolean whole = false;
    try {
      upload.send(header);
      byte[] buffer = new byte[CHUNK];
      int read = bytes.read(buffer, 0, CHUNK);
      while (read >= 0) {
        upload.send(piece.apply(ByteString.copyFrom(buffer, 0, read)));
        read = bytes.read(buffer, 0, CHUNK);
      }
      whole = true;
    } finally {
      if (!whole) {
        upload.cancel("the upload was cut");
      }
    }
  }

  /** Takes a name away; false when there is no such name. */
  public boolean remove(String name) {
    RemoveImageRequest request = RemoveImageRequest.newBuilder().setRef(name).build();
    return runtime.call(() -> runtime.now().removeImage(request)).getRemoved();
  }
}
