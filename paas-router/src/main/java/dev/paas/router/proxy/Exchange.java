package dev.paas.router.proxy;

import dev.paas.router.balance.Upstream;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.BodyReader;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.MessageWriter;
import dev.paas.router.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: chooses the instance, relays both messages as they come, tries
 * another instance where nothing was sent, and ends exactly once. Belongs to the client's event
 * loop; so does the connection to the instance.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class Exchange {

  /** More interim responses than any server sends before the final one. */
  private static final int MAX_INTERIM = 16;

  /** Bytes of a body that is copied behind its head rather than written by itself. */
  private static final int SMALL_BODY = 4 << 10;

  /** Bytes of a head that are not worth the work of letting go of them. */
  private static final int SMALL_HEAD = 2 << 10;

  private final ProxyContext context;
  private final ClientConnection client;
  private final UpstreamPool pool;
  private final Sender sender;
  private final ExchangeLog log;
  private final BodyReader requestBody;
  private final UpstreamSelection selection;

  private ValidatedRequest request;
  private int headBytes;
  private @Nullable UpstreamConnection connection;
  private @Nullable Tunnel tunnel;
  private @Nullable Failure tunnelFailure;
  private Framing responseFraming = Framing.NONE;
  private int interims;
  private boolean repeated;
  private boolean requestEnded;
  private boolean headSent;
  private boolean closeAfter;
  private boolean reusable;
  private boolean ended;
  private long unsentBefore;

  /**
   * @param headBytes that the request's head takes
   */
  Exchange(
      ProxyContext context,
      ClientConnection client,
      UpstreamPool pool,
      ValidatedRequest request,
      Sender sender,
      int headBytes) {
    this.context = context;
    this.client = client;
    this.pool = pool;
    this.request = request;
    this.headBytes = headBytes;
    this.sender = sender;
    this.log = new ExchangeLog(context, request, sender.client().text());
    this.selection = new UpstreamSelection(context, request.host());
    this.requestBody = new BodyReader(request.framing());
    this.requestEnded = requestBody.ended();
  }

  // ---- what it holds

  /** Bytes of it, those at the instance's side included. */
  long held() {
    return headBytes + (connection == null ? 0 : connection.held());
  }

  @Nullable Upstream upstream() {
    return selection.upstream();
  }

  /** The instances of the app, as soon as that is known. */
  List<Upstream> app() {
    return selection.app();
  }

  /** Bytes of the request that are about to be relayed. */
  ByteBuf taking(ByteBuf read) {
    return connection == null ? read : connection.unsent().taking(read);
  }

  /** Bytes of the response that are about to be relayed. */
  ByteBuf clientTaking(ByteBuf read) {
    return client.unsent().taking(read);
  }

  int grant(int bytes) {
    return client.grant(bytes);
  }

  boolean settle() {
    return client.settle();
  }

  /** The head was sent for the last time. */
  private void letGoOfHead() {
    if (headBytes > SMALL_HEAD) {
      request = request.sent();
      headBytes = SMALL_HEAD;
    }
  }

  // ---- choosing an instance

  /**
   * @param share its sender may have one more request under way
   */
  void start(boolean share) {
    client.deadline().in(context.settings().responseTimeout());
    if (share) {
      attempt(true);
    } else {
      fail(Failure.OVERLOADED, "the address has its share of the connections");
    }
  }

  private void attempt(boolean mayReuse) {
    Upstream upstream = selection.next(this::cut);
    if (upstream == null) {
      fail(selection.failure(), selection.detail());
      return;
    }
    if (!client.mayHold(headBytes)) {
      fail(Failure.OVERLOADED, "no memory for its head");
      return;
    }
    UpstreamConnection waiting = mayReuse ? pool.reuse(upstream, !request.repeatable()) : null;
    if (waiting == null) {
      pool.open(upstream, this);
    } else {
      connected(waiting);
    }
  }

  void connected(UpstreamConnection ready) {
    if (ended) {
      ready.detach(true);
      return;
    }
    connection = ready;
    ready.begin(this);
    ready.write(
        MessageWriter.request(
            ready.channel().alloc(),
            HeadRewriter.request(request, sender, log.id(), log.startedMillis())));
    if (!ready.used() || !request.repeatable()) {
      letGoOfHead();
    }
    client.deadline().in(requestEnded ? responseTimeout() : context.settings().idleTimeout());
    client.process();
    if (connection == ready) {
      ready.flush();
      client.settle();
      client.readMore();
    }
  }

  void connectFailed(Throwable cause) {
    if (ended) {
      return;
    }
    selection.unreachable(cause);
    attempt(true);
  }

  // ---- the request's body

  boolean wantsRequestBytes() {
    return !requestEnded && connection != null && !ended;
  }

  /** Relays what is there of the body, unless the instance cannot take more. */
  void requestBytes(ByteBuf bytes) {
    UpstreamConnection to = connection;
    if (to == null || !to.takesMore(client.tight())) {
      return;
    }
    try {
      if (bytes.isReadable()) {
        client.deadline().in(context.settings().idleTimeout());
      }
      if (requestBody.read(bytes, content -> requestContent(to, content))) {
        requestEnded = true;
        if (request.framing().kind() == Framing.Kind.CHUNKED) {
          // Trailers of requests are dropped: they must not be merged, and instances ignore them.
          to.write(MessageWriter.lastChunk(to.channel().alloc(), new Fields()));
        }
        client.deadline().in(headSent ? context.settings().idleTimeout() : responseTimeout());
      } else if (!headSent && log.slow()) {
        fail(Failure.REQUEST_TIMEOUT, "its body comes slower than router.min-rate");
      }
    } catch (BadMessage bad) {
      fail(Failure.BAD_REQUEST, bad.what());
    }
  }

  private Duration responseTimeout() {
    return context.settings().responseTimeout();
  }

  private void requestContent(UpstreamConnection to, ByteBuf content) {
    int size = content.readableBytes();
    log.received(size);
    if (request.framing().kind() == Framing.Kind.CHUNKED) {
      to.write(MessageWriter.chunkSize(to.channel().alloc(), size));
      to.write(content);
      to.write(MessageWriter.chunkEnd());
    } else {
      to.write(content);
    }
  }

  void flushRequest() {
    if (connection != null) {
      connection.flush();
    }
  }

  void upstreamWritable() {
    log.measure();
    client.process();
    if (connection != null) {
      connection.flush();
    }
    client.settle();
    client.readMore();
  }

  // ---- the response

  /**
   * Relays a head, and a small body with it that is there already: one write, one system call.
   *
   * @param rest what came after the head
   * @return how the body that follows is framed, or null when a head follows
   */
  @Nullable Framing responseHead(ResponseHead head, ByteBuf rest) throws BadMessage {
    Framing framing = Framing.ofResponse(head, request.head().method());
    if (head.interim()) {
      interim(head);
      return null;
    }
    log.answered(head.status());
    selection.answered(head.fields().first("Keep-Alive"));
    closeAfter = !request.keepAlive() || !requestEnded || client.stopping();
    boolean old = request.head().minor() == 0;
    responseFraming =
        switch (framing.kind()) {
          case NONE, FIXED -> framing;
          case CHUNKED, UNTIL_CLOSE ->
              new Framing(old ? Framing.Kind.UNTIL_CLOSE : Framing.Kind.CHUNKED, 0);
        };
    reusable =
        head.minor() == 1
            && framing.kind() != Framing.Kind.UNTIL_CLOSE
            && !(framing.kind() == Framing.Kind.CHUNKED && Framing.saidTwice(head))
            && !HeadRewriter.names(head.fields().members("Connection"), "close");
    headSent = true;
    boolean whole =
        framing.kind() == Framing.Kind.FIXED
            && framing.length() <= SMALL_BODY
            && framing.length() <= rest.readableBytes();
    int size = whole ? (int) framing.length() : 0;
    ByteBuf out =
        MessageWriter.response(
            client.channel().alloc(),
            HeadRewriter.response(head, request, responseFraming, log.id(), closeAfter),
            size);
    client.write(out.writeBytes(rest, size));
    log.sent(size);
    client.deadline().in(context.settings().idleTimeout());
    if (!whole) {
      letGoOfHead();
    }
    return whole ? Framing.NONE : framing;
  }

  private void interim(ResponseHead head) throws BadMessage {
    if (++interims > MAX_INTERIM) {
      throw new BadMessage(BadMessage.Kind.MALFORMED, "too many interim responses");
    }
    if (head.status() == 101) {
      switchProtocols(head);
    } else if (request.head().minor() == 1 && (head.status() != 100 || request.expectsContinue())) {
      client.write(MessageWriter.response(client.channel().alloc(), HeadRewriter.interim(head), 0));
      client.flush();
    }
  }

  void responseContent(ByteBuf content) {
    if (ended) {
      content.release();
      return;
    }
    int size = content.readableBytes();
    log.sent(size);
    client.deadline().in(context.settings().idleTimeout());
    if (responseFraming.kind() == Framing.Kind.CHUNKED) {
      client.write(MessageWriter.chunkSize(client.channel().alloc(), size));
      client.write(content);
      client.write(MessageWriter.chunkEnd());
    } else {
      client.write(content);
    }
  }

  void responseEnded(Fields trailers) {
    if (ended) {
      return;
    }
    if (responseFraming.kind() == Framing.Kind.CHUNKED) {
      Fields kept = request.trailers() ? HeadRewriter.trailers(trailers) : new Fields();
      client.write(MessageWriter.lastChunk(client.channel().alloc(), kept));
    }
    end(reusable && requestEnded, null, "");
    client.exchangeEnded(!closeAfter && requestEnded, requestEnded);
  }

  void upstreamReadComplete() {
    client.flush();
    client.settle();
    if (connection == null) {
      return;
    }
    if (client.tight() && connection.holdsUnfinished()) {
      fail(Failure.OVERLOADED, "no memory for the head of its response");
      return;
    }
    if (client.takesMore()) {
      connection.readMore();
    } else {
      unsentBefore = client.unsent().bytes();
      client.deadline().in(context.settings().sendTimeout());
    }
  }

  void clientWritable() {
    if (connection != null && client.takesMore()) {
      client.deadline().in(context.settings().idleTimeout());
      connection.readMore();
    }
  }

  /** Bytes came that nobody asked for: the client has ended its side, and no more will wait. */
  void clientFlooded() {
    flushRequest();
    if (!client.settle()) {
      fail(Failure.OVERLOADED, "no memory for a body that the app does not read");
    }
  }

  /** The same of an instance that has closed. */
  void upstreamFlooded() {
    client.flush();
    if (!client.settle()) {
      fail(Failure.OVERLOADED, "no memory for a response that the client does not read");
    }
  }

  void badResponse(String what) {
    fail(Failure.BAD_RESPONSE, what);
  }

  /** The instance closed the connection before its response had ended. */
  void upstreamClosed() {
    UpstreamConnection closed = connection;
    if (ended || closed == null) {
      return;
    }
    boolean untouched = closed.used() && !closed.anyByte() && !headSent;
    if (untouched && request.repeatable() && !repeated) {
      // It closed an idle connection while the request was on its way; nothing was carried out.
      repeated = true;
      leave(false);
      attempt(false);
      return;
    }
    if (!headSent) {
      selection.failed();
    }
    fail(Failure.INSTANCE_CLOSED, headSent ? "in its response" : "before its response");
  }

  // ---- the tunnel

  private void switchProtocols(ResponseHead head) throws BadMessage {
    UpstreamConnection to = connection;
    String protocol = request.upgrade();
    if (protocol == null || to == null) {
      throw new BadMessage(BadMessage.Kind.MALFORMED, "a 101 that nobody asked for");
    }
    headSent = true;
    log.answered(101);
    client.write(
        MessageWriter.response(
            client.channel().alloc(), HeadRewriter.switching(head, log.id()), 0));
    Tunnel opened = new Tunnel(this, client, to, protocol);
    tunnel = opened;
    client.open(opened);
    to.open(opened);
    tunnelActive(Tunnel.Patience.TUNNEL);
    client.flush();
    to.flush();
    opened.clientReadComplete();
    opened.upstreamReadComplete();
  }

  void tunnelActive(Tunnel.Patience patience) {
    client
        .deadline()
        .in(
            switch (patience) {
              case TUNNEL -> context.settings().tunnelIdle();
              case IDLE -> context.settings().idleTimeout();
              case LINGER -> ClientConnection.LINGER;
            });
  }

  void tunnelClosed() {
    if (tunnel != null) {
      log.received(tunnel.toUpstream());
      log.sent(tunnel.toClient());
    }
    end(false, tunnelFailure, "");
  }

  // ---- ends

  /** The time for the present step has passed. */
  void expired() {
    long unsent = client.unsent().bytes();
    if (tunnel != null) {
      tunnelFailure = tunnel.whole() ? Failure.IDLE_TUNNEL : null;
      tunnel.close();
    } else if (connection == null) {
      // The connect timeout is the socket's.
      client.deadline().in(responseTimeout());
    } else if (headSent && unsent > 0) {
      stalledClient(unsent);
    } else if (headSent) {
      fail(Failure.INSTANCE_STALLED, "");
    } else if (!requestEnded && connection.writable()) {
      fail(Failure.REQUEST_TIMEOUT, "in its body");
    } else {
      fail(Failure.RESPONSE_TIMEOUT, requestEnded ? "" : "the request's body is not read");
    }
  }

  private void stalledClient(long unsent) {
    boolean moves = context.moves(unsentBefore, unsent);
    unsentBefore = unsent;
    if (moves) {
      client.deadline().in(context.settings().sendTimeout());
    } else {
      fail(Failure.CLIENT_STALLED, "");
    }
  }

  /** From any thread: the drain timeout of the instance has passed. */
  private void cut() {
    client
        .channel()
        .eventLoop()
        .execute(
            () -> {
              Upstream upstream = selection.upstream();
              if (!ended && upstream != null && upstream.retired()) {
                if (tunnel != null) {
                  tunnelFailure = Failure.DRAINED;
                  tunnel.goAway();
                } else {
                  fail(Failure.DRAINED, "");
                }
              }
            });
  }

  /** The client has closed its connection. */
  void clientGone() {
    if (!ended && tunnel == null) {
      end(false, Failure.CLIENT_GONE, "");
    } else if (tunnel != null) {
      tunnel.close();
    }
  }

  private void fail(Failure failure, String detail) {
    if (ended) {
      return;
    }
    if (headSent) {
      end(false, failure, detail);
      client.cut(responseFraming.kind() == Framing.Kind.UNTIL_CLOSE);
      return;
    }
    boolean keep =
        request.keepAlive()
            && requestEnded
            && !client.stopping()
            // Others want its place.
            && failure != Failure.OVERLOADED;
    end(false, failure, detail);
    client.write(
        ErrorPage.response(
            client.channel().alloc(),
            failure,
            log.id(),
            context.clock().instant(),
            request.asked(),
            !keep));
    client.exchangeEnded(keep, requestEnded);
  }

  private void end(boolean reuse, @Nullable Failure failure, String detail) {
    if (ended) {
      return;
    }
    ended = true;
    if (failure != null) {
      log.failed(failure);
    }
    log.write(selection, failure, detail);
    leave(reuse);
  }

  /** Counts the exchange out at its instance and gives the connection back. */
  private void leave(boolean reuse) {
    UpstreamConnection left = connection;
    connection = null;
    if (left != null && tunnel == null) {
      left.detach(reuse);
    }
    selection.leave();
  }
}
