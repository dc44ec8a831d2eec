package dev.paas.router.proxy;

import static dev.paas.router.budget.Capacity.FREE;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.BodyReader;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.HeadReader;
import dev.paas.router.http1.Limits;
import dev.paas.router.http1.ResponseHead;
import dev.paas.router.socket.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses that come on one connection to an instance, each for the exchange that the
 * connection carries. Belongs to the connection's event loop.
 */
final class ResponseReader {

  /** More interim responses than any server sends before the final one. */
  private static final int MAX_INTERIM = 16;

  private final UpstreamConnection connection;
  private final HeadReader heads;
  private @Nullable BodyReader body;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private String method = "";
  private int interims;
  private boolean anyByte;

  /** Also before the first response: a connection that carried nothing can be kept. */
  private boolean reusable = true;

  private boolean processing;

  ResponseReader(UpstreamConnection connection, Limits limits) {
    this.connection = connection;
    this.heads = HeadReader.ofResponses(limits);
  }

  /** The response to a request by {@code method} is next. */
  void expect(String requestMethod) {
    method = requestMethod;
    interims = 0;
    anyByte = false;
    reusable = false;
    body = null;
  }

  /** Whether anything of the present response has come. */
  boolean anyByte() {
    return anyByte;
  }

  /** Whether it is certain where the last response ends, and that another one may follow it. */
  boolean reusable() {
    return reusable;
  }

  /** Whether bytes wait for more of them, or for an exchange. */
  boolean holdsAny() {
    return pending.isReadable();
  }

  /** Whether it holds much of a head or a line of the response that is not whole. */
  boolean holdsMuch() {
    return pending.readableBytes() > FREE;
  }

  /** Bytes that are held. */
  long held() {
    return pending.capacity();
  }

  /** Reads bytes that have come, and owns them. */
  void read(ByteBufAllocator allocator, ByteBuf bytes) {
    anyByte = true;
    pending = Sockets.join(allocator, pending, bytes);
    if (processing) {
      return;
    }
    processing = true;
    try {
      Exchange present = connection.answered();
      while (present != null && step(present)) {
        present = connection.answered();
      }
    } catch (BadMessage bad) {
      connection.badResponse(bad);
    } finally {
      processing = false;
      if (connection.isOpen()) {
        pending = Sockets.rest(allocator, pending);
      }
    }
  }

  /** One head, or the part of the body that is there; false when more bytes are needed. */
  private boolean step(Exchange present) throws BadMessage {
    if (body == null) {
      if (!heads.complete(pending)) {
        return false;
      }
      ResponseHead head = heads.takeResponse(pending);
      Framing framing = Framing.ofResponse(head, method);
      if (head.interim()) {
        if (++interims > MAX_INTERIM) {
          throw new BadMessage(BadMessage.Kind.MALFORMED, "too many interim responses");
        }
        present.response().interim(head);
        return true;
      }
      reusable = reusableAfter(head, framing);
      body = new BodyReader(present.response().head(head, framing, pending));
      return true;
    }
    boolean whole = body.read(pending, present.response()::content);
    if (whole) {
      BodyReader read = body;
      body = null;
      present.responseEnded(read.trailers());
    }
    return false;
  }

  private static boolean reusableAfter(ResponseHead head, Framing framing) {
    return head.minor() == 1
        && framing.kind() != Framing.Kind.UNTIL_CLOSE
        && !(framing.kind() == Framing.Kind.CHUNKED && Framing.saidTwice(head))
        && !HeadRewriter.names(head.fields().members("Connection"), "close");
  }

  /**
   * The connection has ended.
   *
   * @return whether the response ended with it, as it should: the exchange was told
   */
  boolean closed(Exchange present) {
    BodyReader reading = body;
    if (reading == null || !reading.closed()) {
      return false;
    }
    present.responseEnded(reading.trailers());
    return true;
  }

  /** The bytes that wait, which are not read here any more. */
  ByteBuf take() {
    ByteBuf taken = pending;
    pending = Unpooled.EMPTY_BUFFER;
    return taken;
  }
}
