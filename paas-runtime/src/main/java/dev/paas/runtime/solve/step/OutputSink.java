package dev.paas.runtime.solve.step;

import com.google.protobuf.ByteString;

/** Takes what a step prints, as it comes. */
@FunctionalInterface
public interface OutputSink {
  void accept(ByteString bytes, boolean stderr);
}
