package dev.paas.router.proxy;

import dev.paas.router.balance.Instance;
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

  private final Proxy proxy;
  private final ClientConnection client;
  private final InstancePool pool;
  private final Sender sender;
  private final Account account;
  private final BodyReader requestBody;
  private final Attempts attempts;

  private Admitted request;
  private int headBytes;
  private @Nullable InstanceConnection connection;
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
      Proxy proxy,
      ClientConnection client,
      InstancePool pool,
      Admitted request,
      Sender sender,
      int headBytes) {
    this.proxy = proxy;
    this.client = client;
    this.pool = pool;
    this.request = request;
    this.headBytes = headBytes;
    this.sender = sender;
    this.account = new Account(proxy, request, sender.client().text());
    this.attempts = new Attempts(proxy, request.host());
    this.requestBody = new BodyReader(request.framing());
    this.requestEnded = requestBody.ended();
  }

  // ---- what it holds

  /** Bytes of it, those at the instance's side included. */
  long held() {
    return headBytes + (connection == null ? 0 : connection.held());
  }

  @Nullable Instance instance() {
    return attempts.instance();
  }

  /** The instances of the app, as soon as that is known. */
  List<Instance> app() {
    return attempts.app();
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
    client.deadline().in(proxy.settings().responseTimeout());
    if (share) {
      attempt(true);
    } else {
      fail(Failure.OVERLOADED, "the address has its share of the connections");
    }
  }

  private void attempt(boolean mayReuse) {
    Instance instance = attempts.next(this::cut);
    if (instance == null) {
      fail(attempts.failure(), attempts.detail());
      return;
    }
    if (!client.mayHold(headBytes)) {
      fail(Failure.OVERLOADED, "no memory for its head");
      return;
    }
    InstanceConnection waiting = mayReuse ? pool.reuse(instance, !request.repeatable()) : null;
    if (waiting == null) {
      pool.open(instance, this);
    } else {
      connected(waiting);
    }
  }

  void connected(InstanceConnection ready) {
    if (ended) {
      ready.detach(true);
      return;
    }
    connection = ready;
    ready.begin(this);
    ready.write(
        MessageWriter.request(
            ready.channel().alloc(),
            Relayed.request(request, sender, account.id(), account.startedMillis())));
    if (!ready.used() || !request.repeatable()) {
      letGoOfHead();
    }
    client.deadline().in(requestEnded ? responseTimeout() : proxy.settings().idleTimeout());
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
    attempts.unreachable(cause);
    attempt(true);
  }

  // ---- the request's body

  boolean wantsRequestBytes() {
    return !requestEnded && connection != null && !ended;
  }

  /** Relays what is there of the body, unless the instance cannot take more. */
  void requestBytes(ByteBuf bytes) {
    InstanceConnection to = connection;
    if (to == null || !to.takesMore(client.tight())) {
      return;
    }
    try {
      if (bytes.isReadable()) {
        client.deadline().in(proxy.settings().idleTimeout());
      }
      if (requestBody.read(bytes, content -> requestContent(to, content))) {
        requestEnded = true;
        if (request.framing().kind() == Framing.Kind.CHUNKED) {
          // Trailers of requests are dropped: they must not be merged, and instances ignore them.
          to.write(MessageWriter.lastChunk(to.channel().alloc(), new Fields()));
        }
        client.deadline().in(headSent ? proxy.settings().idleTimeout() : responseTimeout());
      } else if (!headSent && account.slow()) {
        fail(Failure.REQUEST_TIMEOUT, "its body comes slower than router.min-rate");
      }
    } catch (BadMessage bad) {
      fail(Failure.BAD_REQUEST, bad.what());
    }
  }

  private Duration responseTimeout() {
    return proxy.settings().responseTimeout();
  }

  private void requestContent(InstanceConnection to, ByteBuf content) {
    int size = content.readableBytes();
    account.received(size);
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

  void instanceWritable() {
    account.measure();
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
    account.answered(head.status());
    attempts.answered(head.fields().first("Keep-Alive"));
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
            && !Relayed.names(head.fields().members("Connection"), "close");
    headSent = true;
    boolean whole =
        framing.kind() == Framing.Kind.FIXED
            && framing.length() <= SMALL_BODY
            && framing.length() <= rest.readableBytes();
    int size = whole ? (int) framing.length() : 0;
    ByteBuf out =
        MessageWriter.response(
            client.channel().alloc(),
            Relayed.response(head, request, responseFraming, account.id(), closeAfter),
            size);
    client.write(out.writeBytes(rest, size));
    account.sent(size);
    client.deadline().in(proxy.settings().idleTimeout());
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
      client.write(MessageWriter.response(client.channel().alloc(), Relayed.interim(head), 0));
      client.flush();
    }
  }

  void responseContent(ByteBuf content) {
    if (ended) {
      content.release();
      return;
    }
    int size = content.readableBytes();
    account.sent(size);
    client.deadline().in(proxy.settings().idleTimeout());
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
      Fields kept = request.trailers() ? Relayed.trailers(trailers) : new Fields();
      client.write(MessageWriter.lastChunk(client.channel().alloc(), kept));
    }
    end(reusable && requestEnded, null, "");
    client.exchangeEnded(!closeAfter && requestEnded, requestEnded);
  }

  void instanceReadComplete() {
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
      client.deadline().in(proxy.settings().sendTimeout());
    }
  }

  void clientWritable() {
    if (connection != null && client.takesMore()) {
      client.deadline().in(proxy.settings().idleTimeout());
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
  void instanceFlooded() {
    client.flush();
    if (!client.settle()) {
      fail(Failure.OVERLOADED, "no memory for a response that the client does not read");
    }
  }

  void badResponse(String what) {
    fail(Failure.BAD_RESPONSE, what);
  }

  /** The instance closed the connection before its response had ended. */
  void instanceClosed() {
    InstanceConnection closed = connection;
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
      attempts.failed();
    }
    fail(Failure.INSTANCE_CLOSED, headSent ? "in its response" : "before its response");
  }

  // ---- the tunnel

  private void switchProtocols(ResponseHead head) throws BadMessage {
    InstanceConnection to = connection;
    String protocol = request.upgrade();
    if (protocol == null || to == null) {
      throw new BadMessage(BadMessage.Kind.MALFORMED, "a 101 that nobody asked for");
    }
    headSent = true;
    account.answered(101);
    client.write(
        MessageWriter.response(client.channel().alloc(), Relayed.switching(head, account.id()), 0));
    Tunnel opened = new Tunnel(this, client, to, protocol);
    tunnel = opened;
    client.open(opened);
    to.open(opened);
    tunnelActive(Tunnel.Patience.TUNNEL);
    client.flush();
    to.flush();
    opened.clientReadComplete();
    opened.instanceReadComplete();
  }

  void tunnelActive(Tunnel.Patience patience) {
    client
        .deadline()
        .in(
            switch (patience) {
              case TUNNEL -> proxy.settings().tunnelIdle();
              case IDLE -> proxy.settings().idleTimeout();
              case LINGER -> ClientConnection.LINGER;
            });
  }

  void tunnelClosed() {
    if (tunnel != null) {
      account.received(tunnel.toInstance());
      account.sent(tunnel.toClient());
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
    boolean moves = proxy.moves(unsentBefore, unsent);
    unsentBefore = unsent;
    if (moves) {
      client.deadline().in(proxy.settings().sendTimeout());
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
              Instance instance = attempts.instance();
              if (!ended && instance != null && instance.departed()) {
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
            account.id(),
            proxy.clock().instant(),
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
      account.failed(failure);
    }
    account.log(attempts, failure, detail);
    leave(reuse);
  }

  /** Counts the exchange out at its instance and gives the connection back. */
  private void leave(boolean reuse) {
    InstanceConnection left = connection;
    connection = null;
    if (left != null && tunnel == null) {
      left.detach(reuse);
    }
    attempts.leave();
  }
}
