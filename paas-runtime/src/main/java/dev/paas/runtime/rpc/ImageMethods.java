package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.HasTreeResponse;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.ListImagesResponse;
import dev.paas.contract.runtime.PutTreeRequest;
import dev.paas.contract.runtime.RemoveImageResponse;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.runtime.image.ImageCalls;
import java.util.Iterator;
import java.util.function.Function;

/** The calls that concern images, and the sources that they are built from. */
public final class ImageMethods implements RuntimeCalls.Group {

  private final ImageCalls images;

  public ImageMethods(ImageCalls images) {
    this.images = images;
  }

  @Override
  public void bind(RuntimeCalls calls) {
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
        request -> ListImagesResponse.newBuilder().addAllImages(images.list()).build());
    calls.stream(
        RuntimeGrpc.getResolveImageMethod(),
        (request, outgoing) -> outgoing.send(images.resolve(request)));
    calls.stream(
        RuntimeGrpc.getPullImageMethod(),
        (request, outgoing) -> images.pull(request, outgoing::send));
    calls.streamOfRequests(
        RuntimeGrpc.getImportImageMethod(),
        (incoming, outgoing) -> {
          ImportImageRequest.Header header = incoming.first().getHeader();
          outgoing.send(
              images.importImage(header, new Chunks<>(incoming, ImportImageRequest::getData)));
        });
    calls.answer(
        RuntimeGrpc.getRemoveImageMethod(),
        request ->
            RemoveImageResponse.newBuilder().setRemoved(images.remove(request.getRef())).build());
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
