package dev.paas.router.client;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.proxy.Failure;
import dev.paas.router.socket.Sockets;
import dev.paas.router.tls.LiveCertificates;
import dev.paas.router.tls.TlsEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * What comes first in the pipeline of a connection for TLS: it reads what a trusted proxy says
 * before the handshake, tells a client that speaks plain HTTP so, and makes the end of TLS for one
 * that begins a handshake; whoever sends nothing costs no such end. Knows which bytes of the socket
 * were asked for, which behind TLS can't be told.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class BeforeTls extends ChannelDuplexHandler {

  /** The type of the record that a handshake begins with (RFC 8446 §5.1). */
  private static final int HANDSHAKE = 22;

  private final ClientConnection connection;
  private final ClientOrigin origin;
  private final Lingering lingering;
  private final LiveCertificates certificates;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private @Nullable TlsEnd tls;
  private boolean asked;
  private boolean unasked;
  private boolean forgetting;

  BeforeTls(
      ClientConnection connection,
      ClientOrigin origin,
      Lingering lingering,
      LiveCertificates certificates) {
    this.connection = connection;
    this.origin = origin;
    this.lingering = lingering;
    this.certificates = certificates;
  }

  /** Whether the last bytes came without having been asked for. */
  boolean unasked() {
    return unasked;
  }

  /** Bytes of memory for what is too little to be handed on. */
  int held() {
    return pending.capacity() + (tls == null ? 0 : tls.held());
  }

  /** What still comes is thrown away as it is. */
  void forget() {
    forgetting = true;
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    asked = true;
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    unasked = !asked;
    asked = false;
    if (forgetting || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      lingering.more();
    } else if (tls != null) {
      ctx.fireChannelRead(bytes);
    } else {
      pending = Sockets.join(ctx.alloc(), pending, bytes);
      begin(ctx);
    }
  }

  private void begin(ChannelHandlerContext ctx) {
    try {
      if (origin.announcing() && !announced()) {
        pending = Sockets.compact(ctx.alloc(), pending);
        return;
      }
    } catch (BadMessage bad) {
      connection.refuse(Failure.of(bad), bad.what());
      return;
    }
    if (!pending.isReadable()) {
      return;
    }
    int first = pending.getByte(pending.readerIndex());
    if (first == HANDSHAKE) {
      TlsEnd end = certificates.newEnd(ctx.alloc());
      ctx.pipeline().addAfter(ctx.name(), null, end);
      tls = end;
      ByteBuf hello = take();
      ctx.fireChannelRead(hello);
    } else if (first >= 'A' && first <= 'Z') {
      connection.refuse(Failure.PLAIN_HTTP, "at a port for HTTPS");
    } else {
      ctx.close();
    }
  }

  /** Whether the proxy has said for whom it speaks, and that one may go on. */
  private boolean announced() throws BadMessage {
    ProxyHeader header = ProxyHeader.of(pending);
    if (header.length() == 0) {
      return false;
    }
    pending.skipBytes(header.length());
    return connection.announced(header);
  }

  private ByteBuf take() {
    ByteBuf taken = pending;
    pending = Unpooled.EMPTY_BUFFER;
    return taken;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    take().release();
  }
}
