package dev.paas.api.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/** Bounds what one message of a WebSocket may cost: no more than its bytes, which are few. */
@Singleton
class WebSocketLimits implements HttpServerOptionsCustomizer {

  /** Longest message and frame, in bytes; what is typed and piped is sent in smaller ones. */
  private static final int LONGEST = 64 << 10;

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    options
        .setMaxWebSocketFrameSize(LONGEST)
        .setMaxWebSocketMessageSize(LONGEST)
        // A small frame that unpacks to a large one would get around the bound.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }
}
