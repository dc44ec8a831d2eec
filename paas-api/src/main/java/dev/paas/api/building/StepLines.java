package dev.paas.api.building;

import dev.paas.base.text.LineBytes;
import java.util.function.Consumer;

/**
 * Cuts what a step writes to one of its streams into lines: a carriage return starts the line
 * again, as progress bars mean it, and a line that is too long becomes several.
 */
final class StepLines {

  /** Longer lines are cut, in bytes. */
  static final int MAX_LINE = 4096;

  private final Consumer<String> lines;
  private final LineBytes line = new LineBytes(MAX_LINE);
  private boolean returned;

  StepLines(Consumer<String> lines) {
    this.lines = lines;
  }

  void write(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        add(bytes, start, i);
        start = i + 1;
        if (bytes[i] == '\n') {
          emit();
        } else {
          returned = true;
        }
      }
    }
    add(bytes, start, bytes.length);
  }

  private void add(byte[] bytes, int from, int to) {
    if (returned && from < to) {
      line.clear();
      returned = false;
    }
    line.add(bytes, from, to, lines);
  }

  /** The step is over: what has no newline is a line. */
  void finish() {
    if (!line.isEmpty()) {
      emit();
    }
  }

  private void emit() {
    lines.accept(line.end());
    returned = false;
  }
}
