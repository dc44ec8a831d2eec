package dev.paas.router.client;

import dev.paas.router.balance.Upstream;
import dev.paas.router.budget.Capacity;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.BodyReader;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.MessageWriter;
import dev.paas.router.http1.ResponseHead;
import dev.paas.router.proxy.ClientStream;
import dev.paas.router.proxy.Exchange;
import dev.paas.router.proxy.HeadRewriter;
import dev.paas.router.proxy.Page;
import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.proxy.RequestRelay;
import dev.paas.router.proxy.Tunnel;
import dev.paas.router.proxy.ValidatedRequest;
import dev.paas.router.socket.Deadline;
import dev.paas.router.socket.Sockets;
import dev.paas.router.socket.Unsent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the exchanges of an HTTP/1 connection, which carries them one after another:
 * one stream, and one timer, serves them all. Reads the body of the request and frames the
 * response. Belongs to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class Http1ClientStream implements ClientStream {

  private final ProxyContext context;
  private final ClientConnection connection;
  private final Channel channel;
  private final Deadline deadline;
  private final Holding holding;
  private final Unsent unsent;

  private @Nullable Exchange exchange;
  private @Nullable BodyReader body;
  private boolean keepAlive;
  private boolean old;
  private boolean takesTrailers;
  private Framing framing = Framing.NONE;
  private boolean closeAfter;
  private boolean tight;
  private long unsentBefore;

  /**
   * @param deadline calls {@link Exchange#expired} while there is an exchange
   */
  Http1ClientStream(
      ProxyContext context,
      ClientConnection connection,
      Channel channel,
      Deadline deadline,
      Holding holding) {
    this.context = context;
    this.connection = connection;
    this.channel = channel;
    this.deadline = deadline;
    this.holding = holding;
    this.unsent = new Unsent(channel, connection::sent);
  }

  /** The next exchange begins. */
  void begin(Exchange next, ValidatedRequest request) {
    exchange = next;
    body = request.framing().hasBody() ? new BodyReader(request.framing()) : null;
    keepAlive = request.keepAlive();
    old = request.head().minor() == 0;
    takesTrailers = request.trailers();
    framing = Framing.NONE;
    closeAfter = false;
  }

  /** The exchange that is under way. */
  @Nullable Exchange exchange() {
    return exchange;
  }

  /** It has ended; what it still says is not sent. */
  @Nullable Exchange leave() {
    Exchange left = exchange;
    exchange = null;
    return left;
  }

  // ---- the request

  @Override
  public void handOn() {
    connection.requests().process();
  }

  @Override
  public void readMore() {
    connection.readMore();
  }

  /** Reads what is there of the request's body, unless the instance cannot take more. */
  void readBody(RequestRelay to, ByteBuf bytes) {
    BodyReader reader = body;
    if (reader == null || !to.takes(bytes.isReadable())) {
      return;
    }
    try {
      if (reader.read(bytes, to::content)) {
        body = null;
        to.end();
      } else {
        to.pause();
      }
    } catch (BadMessage bad) {
      to.bad(bad);
    }
  }

  // ---- the response

  @Override
  public void interim(ResponseHead head) {
    if (!old) {
      write(MessageWriter.response(alloc(), Http1Heads.interim(head), 0));
      flush();
    }
  }

  @Override
  public void head(ResponseHead head, Framing framed, String id, ByteBuf bytes, int size) {
    closeAfter = !keepAlive || body != null || connection.stopping();
    framing =
        switch (framed.kind()) {
          case NONE, FIXED -> framed;
          case CHUNKED, UNTIL_CLOSE -> old ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
        };
    ResponseHead written = Http1Heads.response(head, framing, id, closeAfter);
    write(MessageWriter.response(alloc(), written, size).writeBytes(bytes, size));
  }

  @Override
  public void content(ByteBuf part) {
    if (framing.kind() == Framing.Kind.CHUNKED) {
      write(MessageWriter.chunkSize(alloc(), part.readableBytes()));
      write(part);
      write(MessageWriter.chunkEnd());
    } else {
      write(part);
    }
  }

  @Override
  public void end(Fields trailers) {
    if (framing.kind() == Framing.Kind.CHUNKED) {
      Fields kept = takesTrailers ? HeadRewriter.trailers(trailers) : new Fields();
      write(MessageWriter.lastChunk(alloc(), kept));
    }
    ended(!closeAfter && body == null);
  }

  @Override
  public void answer(Page page, boolean mayKeep) {
    boolean keep = mayKeep && keepAlive && body == null && !connection.stopping();
    write(Http1Heads.page(alloc(), page, !keep));
    ended(keep);
  }

  private void ended(boolean keep) {
    boolean requestEnded = body == null;
    exchange = null;
    body = null;
    connection.exchangeEnded(keep, requestEnded);
  }

  @Override
  public void cut() {
    exchange = null;
    flush();
    if (framing.kind() == Framing.Kind.UNTIL_CLOSE) {
      // An ordinary end would make it a whole response.
      Sockets.cut(channel);
    } else {
      channel.close();
    }
  }

  private void write(ByteBuf part) {
    Sockets.write(channel, part);
  }

  @Override
  public void flush() {
    Sockets.flush(channel);
  }

  private ByteBufAllocator alloc() {
    return channel.alloc();
  }

  // ---- between exchanges

  /** Whether some of the last response is on its way; from now on that has to move. */
  boolean noteUnsent() {
    unsentBefore = unsent.bytes();
    return unsentBefore > 0;
  }

  /** Whether it has moved enough since that was asked last, and is on its way still. */
  boolean stillSending() {
    long before = unsentBefore;
    return noteUnsent() && context.moves(before, unsentBefore);
  }

  // ---- a tunnel

  @Override
  public void switching(ResponseHead head, String id) {
    write(MessageWriter.response(alloc(), Http1Heads.switching(head, id), 0));
  }

  @Override
  public void open(Tunnel tunnel) {
    connection.open(tunnel);
  }

  @Override
  public void ask() {
    connection.ask();
  }

  @Override
  public void pass(ByteBuf bytes) {
    write(bytes);
  }

  @Override
  public void endOutput(BooleanSupplier written) {
    Sockets.endOutput(channel, written);
  }

  @Override
  public void tunnelClosed() {
    exchange = null;
    connection.tunnelClosed();
  }

  // ---- time and memory

  @Override
  public Deadline deadline() {
    return deadline;
  }

  @Override
  public void execute(Runnable task) {
    channel.eventLoop().execute(task);
  }

  @Override
  public long unsent() {
    return unsent.bytes();
  }

  @Override
  public boolean takesMore() {
    return channel.isWritable() && !(tight && unsent.bytes() > 0);
  }

  @Override
  public ByteBuf taking(ByteBuf read) {
    return unsent.taking(read);
  }

  @Override
  public int grant(int bytes) {
    return holding.grant(bytes, app());
  }

  @Override
  public boolean mayHold(int bytes) {
    return holding.allows(bytes, app());
  }

  @Override
  public boolean settle() {
    Exchange present = exchange;
    long sent = unsent.held();
    long bytes = sent + connection.held() + (present == null ? 0 : present.held());
    holding.settle(bytes, present == null ? null : present.upstream());
    tight = bytes > Capacity.FREE && !holding.allows(bytes + 2L * Capacity.FREE, app());
    if (sent > 0) {
      unsent.await();
    }
    return !tight;
  }

  @Override
  public boolean tight() {
    return tight;
  }

  private List<Upstream> app() {
    return exchange == null ? List.of() : exchange.app();
  }
}
