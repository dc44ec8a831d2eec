package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;

/** Takes what a step prints, as it comes. */
@FunctionalInterface
interface OutputSink {
  void accept(ByteString bytes, boolean stderr);
}
