package dev.paas.api.fake;

import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.LoadImageResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * An archive that comes in: its bytes are counted by nobody, its header says what becomes of it.
 */
final class FakeLoad implements StreamObserver<LoadImageRequest> {

  private final StreamObserver<LoadImageResponse> answer;
  private final Function<String, Image> images;
  private LoadImageRequest.Header header = LoadImageRequest.Header.getDefaultInstance();

  FakeLoad(StreamObserver<LoadImageResponse> answer, Function<String, Image> images) {
    this.answer = answer;
    this.images = images;
  }

  @Override
  public void onNext(LoadImageRequest part) {
    if (part.hasHeader()) {
      header = part.getHeader();
    }
  }

  @Override
  public void onError(Throwable gone) {}

  @Override
  public void onCompleted() {
    String own =
        header.getOwner().isEmpty() ? "loaded:1" : "users/" + header.getOwner() + "/loaded:1";
    String name = header.getName().isEmpty() ? own : header.getName();
    answer.onNext(
        LoadImageResponse.newBuilder()
            .addImages(
                LoadImageResponse.Loaded.newBuilder().setImage(images.apply(name)).addNames(name))
            .build());
    answer.onCompleted();
  }
}
