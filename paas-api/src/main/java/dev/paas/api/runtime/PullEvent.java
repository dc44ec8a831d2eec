package dev.paas.api.runtime;

import dev.paas.contract.runtime.PullImageEvent;

/** What happens while an image is fetched. */
public sealed interface PullEvent {

  /**
   * Some of it is there.
   *
   * @param totalBytes 0 while it is not known
   */
  record Progress(String what, long doneBytes, long totalBytes) implements PullEvent {}

  /** All of it is there; the last event. */
  record Pulled(StoredImage image) implements PullEvent {}

  /** What a newer paas-runtimed may send besides is progress without words. */
  static PullEvent of(PullImageEvent sent) {
    return sent.hasImage()
        ? new Pulled(StoredImage.of(sent.getImage()))
        : new Progress(
            sent.getProgress().getWhat(),
            sent.getProgress().getDoneBytes(),
            sent.getProgress().getTotalBytes());
  }
}
