package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.HasTreeResponse;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.ListImagesResponse;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.PutTreeRequest;
import dev.paas.contract.runtime.RemoveImageResponse;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.contract.runtime.SaveImageChunk;
import dev.paas.runtime.archive.ArchiveCalls;
import dev.paas.runtime.image.ImageCalls;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Function;

/** The calls that concern images, and the sources that they are built from. */
public final class ImageMethods implements RuntimeCalls.Group {

  private final ImageCalls images;
  private final ArchiveCalls archives;
  private final Duration stalled;

  /**
   * @param stalled how long a caller may take and give nothing of an image
   */
  public ImageMethods(ImageCalls images, ArchiveCalls archives, Duration stalled) {
    this.stalled = stalled;
    this.images = images;
    this.archives = archives;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    bindArchives(calls);
    calls.answer(
        RuntimeGrpc.getHasTreeMethod(),
        request ->
            HasTreeResponse.newBuilder().setPresent(images.hasTree(request.getDigest())).build());
    calls.streamOfRequests(
        RuntimeGrpc.getPutTreeMethod(),
        (incoming, outgoing) ->
            outgoing.send(images.putTree(new Chunks<>(incoming, PutTreeRequest::getData))));
    calls.answer(
        RuntimeGrpc.getListImagesMethod(),
        request ->
            ListImagesResponse.newBuilder().addAllImages(images.list(request.getRef())).build());
    calls.stream(
        RuntimeGrpc.getResolveImageMethod(),
        (request, outgoing) -> outgoing.send(images.resolve(request)));
    calls.stream(
        RuntimeGrpc.getPullImageMethod(),
        (request, outgoing) -> images.pull(request, outgoing.within(stalled)::send));
    calls.streamOfRequests(
        RuntimeGrpc.getImportImageMethod(),
        (incoming, outgoing) -> {
          ImportImageRequest.Header header = incoming.within(stalled).first().getHeader();
          outgoing.send(
              images.importImage(header, new Chunks<>(incoming, ImportImageRequest::getData)));
        });
    calls.answer(
        RuntimeGrpc.getRemoveImageMethod(),
        request ->
            RemoveImageResponse.newBuilder().setRemoved(images.remove(request.getRef())).build());
  }

  private void bindArchives(RuntimeCalls calls) {
    calls.stream(
        RuntimeGrpc.getSaveImageMethod(),
        (request, outgoing) -> {
          Outgoing<SaveImageChunk> pieces = outgoing.within(stalled);
          archives.save(
              request, piece -> pieces.send(SaveImageChunk.newBuilder().setData(piece).build()));
        });
    calls.streamOfRequests(
        RuntimeGrpc.getLoadImageMethod(),
        (incoming, outgoing) -> {
          LoadImageRequest.Header header = incoming.within(stalled).first().getHeader();
          outgoing.send(archives.load(header, new Chunks<>(incoming, LoadImageRequest::getData)));
        });
    calls.stream(
        RuntimeGrpc.getPushImageMethod(),
        (request, outgoing) -> archives.push(request, outgoing.within(stalled)::send));
    calls.answer(RuntimeGrpc.getTagImageMethod(), archives::tag);
    calls.answer(
        RuntimeGrpc.getInspectImageMethod(), request -> archives.inspect(request.getRef()));
  }

  /** The bytes of a stream of messages. */
  private record Chunks<T>(Incoming<T> messages, Function<T, ByteString> bytes)
      implements Iterator<ByteString> {
    @Override
    public boolean hasNext() {
      return messages.hasNext();
    }

    @Override
    public ByteString next() {
      return bytes.apply(messages.next());
    }
  }
}
