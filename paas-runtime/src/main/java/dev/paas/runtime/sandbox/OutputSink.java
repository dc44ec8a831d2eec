package dev.paas.runtime.sandbox;

import com.google.protobuf.ByteString;

/** Takes what a process prints, as it comes. */
@FunctionalInterface
public interface OutputSink {
  void accept(ByteString bytes, boolean stderr);
}
