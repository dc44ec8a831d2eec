package dev.paas.api.runtime;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.ListImagesRequest;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PullImageRequest;
import dev.paas.contract.runtime.RemoveImageRequest;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

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
    boolean whole = false;
    try {
      upload.send(
          ImportImageRequest.newBuilder()
              .setHeader(
                  ImportImageRequest.Header.newBuilder().setName(name).setConfig(settings.config()))
              .build());
      byte[] buffer = new byte[CHUNK];
      int read = tar.readNBytes(buffer, 0, CHUNK);
      while (read > 0) {
        upload.send(
            ImportImageRequest.newBuilder().setData(ByteString.copyFrom(buffer, 0, read)).build());
        read = tar.readNBytes(buffer, 0, CHUNK);
      }
      whole = true;
    } finally {
      if (!whole) {
        upload.cancel("the upload was cut");
      }
    }
    return StoredImage.of(upload.finish());
  }

  /** Takes a name away; false when there is no such name. */
  public boolean remove(String name) {
    RemoveImageRequest request = RemoveImageRequest.newBuilder().setRef(name).build();
    return runtime.call(() -> runtime.now().removeImage(request)).getRemoved();
  }
}
