package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.socket.Sockets;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bytes both ways after a 101, unchanged. A side that ends is ended on the other side too, and what
 * is under way in the other direction still arrives.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class Tunnel {

  /** Bytes of one side that has closed, which wait for the other. */
  private static final long MAX_UNSENT = 4 << 20;

  /** How long a client may pause whose instance has ended, and so is most likely gone. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Exchange exchange;
  private final PlatformSettings.Router settings;
  private final ClientStream client;
  private final UpstreamConnection upstream;
  private final @Nullable WebSocketFrames frames;
  private boolean clientEnded;
  private boolean upstreamEnded;
  private int endsPassedOn;
  private boolean closed;
  private long toUpstream;
  private long toClient;

  /**
   * @param protocol what the client asked to change to
   */
  Tunnel(
      Exchange exchange,
      PlatformSettings.Router settings,
      ClientStream client,
      UpstreamConnection upstream,
      String protocol) {
    this.exchange = exchange;
    this.settings = settings;
    this.client = client;
    this.upstream = upstream;
    this.frames = protocol.equalsIgnoreCase("websocket") ? new WebSocketFrames() : null;
  }

  /** Both sides give it what comes from now on. */
  void begin() {
    client.open(this);
    upstream.open(this);
    client.deadline().in(settings.tunnelIdle());
    client.flush();
    upstream.flush();
    clientReadComplete();
    upstreamReadComplete();
  }

  /** Bytes that went to the instance. */
  long toUpstream() {
    return toUpstream;
  }

  /** Bytes that went to the client. */
  long toClient() {
    return toClient;
  }

  /**
   * @param unasked they came without having been asked for, so there is no back-pressure
   */
  public void fromClient(ByteBuf bytes, boolean unasked) {
    toUpstream += bytes.readableBytes();
    ByteBuf taken = upstream.unsent().taking(bytes);
    if (closed) {
      taken.release();
      return;
    }
    moved();
    upstream.write(taken);
    if (unasked) {
      upstream.flush();
    }
    bound(upstream.unsent().bytes(), unasked);
  }

  void fromUpstream(ByteBuf bytes, boolean unasked) {
    toClient += bytes.readableBytes();
    if (frames != null) {
      frames.passed(bytes);
    }
    ByteBuf taken = client.taking(bytes);
    if (closed) {
      taken.release();
      return;
    }
    moved();
    client.pass(taken);
    if (unasked) {
      client.flush();
    }
    bound(client.unsent(), unasked);
  }

  private void bound(long unsent, boolean unasked) {
    if (unsent > MAX_UNSENT || (unasked && !client.settle())) {
      close();
    }
  }

  public void clientReadComplete() {
    upstream.flush();
    client.settle();
    upstreamWritable();
  }

  void upstreamReadComplete() {
    client.flush();
    client.settle();
    clientWritable();
  }

  public void clientWritable() {
    if (client.takesMore()) {
      upstream.ask();
    }
  }

  void upstreamWritable() {
    if (upstream.takesMore(client.tight())) {
      client.ask();
    }
  }

  /** The client sends no more. */
  public void clientEnded() {
    clientEnded = true;
    moved();
    Sockets.endOutput(upstream.channel(), this::endPassedOn);
  }

  void upstreamEnded() {
    upstreamEnded = true;
    moved();
    client.endOutput(this::endPassedOn);
  }

  private boolean endPassedOn() {
    if (++endsPassedOn == 2) {
      close();
      return false;
    }
    return true;
  }

  /**
   * It may be silent for so long from now on. An instance that has ended is most likely gone
   * altogether; a client that has ended may still wait for an answer.
   */
  private void moved() {
    client
        .deadline()
        .in(upstreamEnded ? LINGER : clientEnded ? settings.idleTimeout() : settings.tunnelIdle());
  }

  /** It was silent for too long. */
  void expired() {
    close(clientEnded || upstreamEnded ? null : Failure.IDLE_TUNNEL);
  }

  /** The drain timeout of the instance has passed. */
  void drained() {
    goAway(Failure.DRAINED);
  }

  /** The process stops: a browser is told so, where that is possible, and comes back soon. */
  public void goAway() {
    goAway(null);
  }

  private void goAway(@Nullable Failure failure) {
    if (frames != null && frames.maySpeak() && !closed && !upstreamEnded) {
      client.pass(WebSocketFrames.goingAway());
    }
    close(failure);
  }

  /** Ends both sides; what was written to the client before is still sent. */
  void close() {
    close(null);
  }

  private void close(@Nullable Failure failure) {
    if (closed) {
      return;
    }
    closed = true;
    exchange.tunnelClosed(this, failure);
    upstream.channel().close();
    client.tunnelClosed();
  }
}
