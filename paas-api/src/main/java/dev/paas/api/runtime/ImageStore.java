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
import dev.paas.contract.runtime.RemoveImageRequest;
import dev.paas.contract.runtime.SaveImageChunk;
import dev.paas.contract.runtime.SaveImageRequest;
import dev.paas.contract.runtime.TagImageRequest;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;

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
    return runtime
        .call(() -> runtime.now().listImages(ListImagesRequest.getDefaultInstance()))
        .getImagesList()
        .stream()
        .map(StoredImage::of)
        .toList();
  }

  /**
   * Fetches an image from its registry once somebody subscribes.
   *
   * @param username for the registry; empty for nobody
   */
  public Multi<PullEvent> pull(String name, String username, String password) {
    PullImageRequest request =
        PullImageRequest.newBuilder()
            .setRef(name)
            .setUsername(username)
            .setPassword(password)
            .build();
    return Multi.createFrom()
        .publisher(
            new Download<PullImageRequest, PullImageEvent>(
                answer -> runtime.streaming().pullImage(request, answer)))
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
      int read = bytes.readNBytes(buffer, 0, CHUNK);
      while (read > 0) {
        upload.send(piece.apply(ByteString.copyFrom(buffer, 0, read)));
        read = bytes.readNBytes(buffer, 0, CHUNK);
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
