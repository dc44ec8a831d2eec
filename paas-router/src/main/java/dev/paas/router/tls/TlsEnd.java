package dev.paas.router.tls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/** The end of TLS in the pipeline of one client's connection. */
public final class TlsEnd extends SslHandler {

  /** How long a connection that is being closed may take to get the word of it. */
  private static final long CLOSE_MILLIS = 1000;

  TlsEnd(SSLEngine engine) {
    super(engine);
    // The deadline of a request's head counts from the connection's first moment.
    setHandshakeTimeoutMillis(0);
    setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
  }

  /** Bytes of memory for a record that has not come as a whole. */
  public int held() {
    ByteBuf waiting = internalBuffer();
    return waiting.isReadable() ? waiting.capacity() : 0;
  }
}
