package dev.paas.api.build;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts what a step writes into lines: a carriage return starts the line again, as progress bars
 * mean it, and what is longer than a line may be is cut.
 */
final class StepLines {

  /** Longer lines are cut, in bytes. */
  static final int MAX_LINE = 4096;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean returned;

  StepLines(Consumer<String> lines) {
    this.lines = lines;
  }

  void write(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n') {
        emit();
      } else if (b == '\r') {
        returned = true;
      } else {
        if (returned) {
          line.reset();
          returned = false;
        }
        if (line.size() < MAX_LINE) {
          line.write(b);
        }
      }
    }
  }

  /** The step is over: what has no newline is a line. */
  void finish() {
    if (line.size() > 0) {
      emit();
    }
  }

  private void emit() {
    lines.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
    returned = false;
  }
}
