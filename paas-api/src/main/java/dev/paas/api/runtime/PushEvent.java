package dev.paas.api.runtime;

import dev.paas.contract.runtime.PushImageEvent;

/** What happens while an image is sent to a registry. */
public sealed interface PushEvent {

  /** Some of it is there. */
  record Progress(String what, long doneBytes, long totalBytes) implements PushEvent {}

  /**
   * All of it is there; the last event.
   *
   * @param digest of the manifest
   */
  record Pushed(String digest) implements PushEvent {}

  static PushEvent of(PushImageEvent sent) {
    return sent.hasDigest()
        ? new Pushed(sent.getDigest())
        : new Progress(
            sent.getProgress().getWhat(),
            sent.getProgress().getDoneBytes(),
            sent.getProgress().getTotalBytes());
  }
}
