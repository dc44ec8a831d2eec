package dev.paas.api.push;

import dev.paas.base.text.LineBytes;
import java.util.function.Consumer;

/** Hands output on line by line, as it arrives in pieces. Its last line may lack a newline. */
final class Lines {

  /** Longer lines are cut, in bytes. */
  private static final int MAX = 64 << 10;

  private final Consumer<String> listener;
  private final LineBytes line = new LineBytes(MAX);

  Lines(Consumer<String> listener) {
    this.listener = listener;
  }

  void add(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line.add(bytes, start, i, listener);
        listener.accept(line.end());
        start = i + 1;
      }
    }
    line.add(bytes, start, bytes.length, listener);
  }

  /** No more will come. */
  void end() {
    if (!line.isEmpty()) {
      listener.accept(line.end());
    }
  }
}
