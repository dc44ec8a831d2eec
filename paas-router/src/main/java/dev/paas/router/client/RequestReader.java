package dev.paas.router.client;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.HeadReader;
import dev.paas.router.http1.Limits;
import dev.paas.router.http1.RequestHead;
import dev.paas.router.proxy.Exchange;
import dev.paas.router.proxy.Failure;
import dev.paas.router.socket.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Reads what comes on a client's connection: a PROXY header where one is due, then one request
 * after another. What can't be relayed yet is held. Belongs to the connection's event loop.
 */
final class RequestReader {

  /** Heap of one field of a head, besides its bytes. */
  private static final int FIELD = 128;

  private final ClientConnection connection;
  private final ClientOrigin origin;
  private final Http1ClientStream stream;
  private final ByteBufAllocator allocator;
  private final HeadReader heads;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private boolean processing;

  RequestReader(
      ClientConnection connection,
      ClientOrigin origin,
      Http1ClientStream stream,
      ByteBufAllocator allocator,
      Limits limits) {
    this.connection = connection;
    this.origin = origin;
    this.stream = stream;
    this.allocator = allocator;
    this.heads = HeadReader.ofRequests(limits);
  }

  /** Bytes that were read and wait. */
  int waiting() {
    return pending.readableBytes();
  }

  /** Bytes of memory that those take. */
  long held() {
    return pending.capacity();
  }

  /** Takes bytes that have come, and reads them. */
  void read(ByteBuf bytes) {
    Exchange present = stream.exchange();
    pending =
        Sockets.join(allocator, pending, present == null ? bytes : present.request().taking(bytes));
    process();
  }

  /** Does what the bytes at hand allow. */
  void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (step()) {}
    } finally {
      processing = false;
      pending = Sockets.rest(allocator, pending);
    }
    Exchange present = stream.exchange();
    if (present != null) {
      present.request().flush();
    }
  }

  /** One head, or the part of a body that is there; false when more bytes or an event is needed. */
  private boolean step() {
    if (connection.awaitsRequest()) {
      return pending.isReadable() && beginning();
    }
    Exchange present = stream.exchange();
    if (present == null || !present.request().wanted()) {
      return false;
    }
    stream.readBody(present.request(), pending);
    return present != stream.exchange();
  }

  private boolean beginning() {
    try {
      return origin.announcing() ? readProxyHeader() : readHead();
    } catch (BadMessage bad) {
      connection.refuse(Failure.of(bad), bad.what());
      return false;
    }
  }

  private boolean readProxyHeader() throws BadMessage {
    ProxyHeader header = ProxyHeader.of(pending);
    if (header.length() == 0) {
      return false;
    }
    pending.skipBytes(header.length());
    return connection.announced(header);
  }

  private boolean readHead() throws BadMessage {
    if (!heads.complete(pending)) {
      pending = Sockets.compact(allocator, pending);
      connection.headPaused();
      return false;
    }
    int size = pending.readableBytes();
    RequestHead head = heads.takeRequest(pending);
    size += FIELD * head.fields().size() - pending.readableBytes();
    connection.begin(head, size);
    return true;
  }

  /** The bytes that wait, which are not read here any more. */
  ByteBuf take() {
    ByteBuf taken = pending;
    pending = Unpooled.EMPTY_BUFFER;
    return taken;
  }
}
