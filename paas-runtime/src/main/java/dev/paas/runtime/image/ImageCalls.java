package dev.paas.runtime.image;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PullImageRequest;
import dev.paas.contract.runtime.PutTreeResponse;
import dev.paas.contract.runtime.ResolveImageRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The image and tree calls of the contract as plain blocking methods: run them on a worker thread,
 * interrupt it to cancel. Problems come as {@code PaasException}.
 */
public final class ImageCalls {

  private final ImageStore store;
  private final Runnable collector;

  /**
   * @param collector is told when an image lost its name, so that what only it needed can go soon
   */
  public ImageCalls(ImageStore store, Runnable collector) {
    this.store = store;
    this.collector = collector;
  }

  public boolean hasTree(String digest) {
    return store.trees().has(new Sha256(digest));
  }

  /** Stores the tar that the chunks make up. */
  public PutTreeResponse putTree(Iterator<ByteString> chunks) throws IOException {
    try (InputStream in = new ChunkStream(chunks)) {
      Tree tree = store.trees().put(in);
      return PutTreeResponse.newBuilder()
          .setDigest(tree.digest().value())
          .setBytes(tree.bytes())
          .setEntries(tree.entries().size())
          .build();
    }
  }

  public List<dev.paas.contract.runtime.Image> list() {
    return store.list().stream().map(StoredImage::toMessage).toList();
  }

  public dev.paas.contract.runtime.Image resolve(ResolveImageRequest request)
      throws IOException, InterruptedException {
    if (request.getPull() && store.lookUp(request.getRef()).isEmpty()) {
      return store.pull(request.getRef(), ImageStore.Credentials.NONE, p -> {}).toMessage();
    }
    return store.find(request.getRef()).toMessage();
  }

  /** Progress first, the image last. */
  public void pull(PullImageRequest request, Consumer<PullImageEvent> events)
      throws IOException, InterruptedException {
    StoredImage image =
        store.pull(
            request.getRef(),
            new ImageStore.Credentials(request.getUsername(), request.getPassword()),
            p ->
                events.accept(
                    PullImageEvent.newBuilder()
                        .setProgress(
                            PullImageEvent.Progress.newBuilder()
                                .setWhat(p.what())
                                .setDoneBytes(p.doneBytes())
                                .setTotalBytes(p.totalBytes()))
                        .build()));
    events.accept(PullImageEvent.newBuilder().setImage(image.toMessage()).build());
  }

  /** Imports the tar that the chunks after the header make up. */
  public dev.paas.contract.runtime.Image importImage(
      ImportImageRequest.Header header, Iterator<ByteString> chunks) throws IOException {
    try (InputStream in = new ChunkStream(chunks)) {
      return store.importTar(header.getName(), header.getConfig(), in).toMessage();
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
