package dev.paas.runtime.session.output;

import com.google.protobuf.ByteString;

/** Takes what a command prints, at its own pace: whoever calls it waits. */
public interface SessionSink {

  /**
   * @param position how many bytes there were with these, both streams together
   */
  public void output(ByteString data, boolean stderr, long position);

  /**
   * @param bytes at least so many from here on are no longer kept
   */
  public void dropped(long bytes);
}
