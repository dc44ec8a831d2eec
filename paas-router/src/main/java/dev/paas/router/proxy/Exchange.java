package dev.paas.router.proxy;

import dev.paas.router.balance.Upstream;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.ResponseHead;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: chooses the instance, relays both messages as they come, tries
 * another instance where nothing was sent, and ends exactly once. Belongs to the client's event
 * loop; so does the connection to the instance.
 */
public final class Exchange {

  private final ProxyContext context;
  private final ClientStream client;
  private final UpstreamPool pool;
  private final ExchangeLog log;
  private final UpstreamSelection selection;
  private final RequestRelay request;
  private final ResponseRelay response;

  private @Nullable UpstreamConnection connection;
  private @Nullable Tunnel tunnel;
  private boolean repeated;
  private boolean ended;

  /**
   * @param headBytes that the request's head takes
   */
  public Exchange(
      ProxyContext context,
      ClientStream client,
      UpstreamPool pool,
      ValidatedRequest request,
      Sender sender,
      int headBytes) {
    this.context = context;
    this.client = client;
    this.pool = pool;
    this.log = new ExchangeLog(context, request, sender.client().text());
    this.selection = new UpstreamSelection(context, request.host(), this::cut);
    this.request = new RequestRelay(this, client, log, sender, request, headBytes);
    this.response = new ResponseRelay(this, context, client, log);
  }

  // ---- what it holds

  /** Bytes of it, those at the instance's side included. */
  public long held() {
    return request.headBytes() + (connection == null ? 0 : connection.held());
  }

  public @Nullable Upstream upstream() {
    return selection.upstream();
  }

  /** The instances of the app, as soon as that is known. */
  public List<Upstream> app() {
    return selection.app();
  }

  /** Where the response goes. */
  ClientStream client() {
    return client;
  }

  /** The present step may take so long. */
  private void within(Duration limit) {
    client.deadline().in(limit);
  }

  // ---- choosing an instance

  /**
   * @param share its sender may have one more request under way
   */
  public void start(boolean share) {
    within(context.settings().responseTimeout());
    if (!share) {
      fail(Failure.OVERLOADED, "the address has its share of the connections");
      return;
    }
    Page own = request.ownAnswer(context, log.id());
    if (own == null) {
      attempt(true);
    } else {
      log.answered(own.head().status());
      answer(own, null, "");
    }
  }

  private void attempt(boolean mayReuse) {
    selection.decide().carryOut(this, mayReuse);
  }

  /** This instance gets the request. */
  void forward(Upstream upstream, boolean mayReuse) {
    if (!client.mayHold(request.headBytes())) {
      fail(Failure.OVERLOADED, "no memory for its head");
      return;
    }
    UpstreamConnection waiting =
        mayReuse ? pool.reuse(upstream, !request.head().repeatable()) : null;
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
    request.sendTo(ready);
    requestMoved();
    client.handOn();
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

  /** Relays the request; the client's side gives it the body. */
  public RequestRelay request() {
    return request;
  }

  /** Some of the request, or its end, has gone on: what comes next has to come in time. */
  void requestMoved() {
    within(
        request.ended() && !response.begun()
            ? context.settings().responseTimeout()
            : context.settings().idleTimeout());
  }

  void requestPaused() {
    if (!response.begun() && log.slow()) {
      fail(Failure.REQUEST_TIMEOUT, "its body comes slower than router.min-rate");
    }
  }

  void upstreamWritable() {
    log.measure();
    client.handOn();
    request.flush();
    client.settle();
    client.readMore();
  }

  // ---- the response

  /** Relays the response; the instance's side gives it that. */
  ResponseRelay response() {
    return response;
  }

  /** Whether nothing that still comes belongs to it. */
  boolean ended() {
    return ended;
  }

  /** The instance has answered. */
  void answered(ResponseHead head) {
    selection.answered(head.fields().first("Keep-Alive"));
  }

  /** The response is whole. */
  void responseEnded(Fields trailers) {
    if (ended) {
      return;
    }
    try {
      end(request.ended(), null, "");
    } finally {
      client.end(trailers);
    }
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
    response.readMore(connection);
  }

  /** The client can take more of the response. */
  public void clientWritable() {
    if (connection != null) {
      response.clientWritable(connection);
    }
  }

  /** Bytes came that nobody asked for: the client has ended its side, and no more will wait. */
  public void clientFlooded() {
    request.flush();
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

  /** The instance closed the connection before its response had ended. */
  void upstreamClosed() {
    UpstreamConnection closed = connection;
    if (ended || closed == null) {
      return;
    }
    boolean untouched = closed.used() && !closed.anyByte() && !response.begun();
    if (untouched && request.head().repeatable() && !repeated) {
      // It closed an idle connection while the request was on its way; nothing was carried out.
      repeated = true;
      leave(false);
      attempt(false);
      return;
    }
    if (!response.begun()) {
      selection.failed();
    }
    fail(Failure.INSTANCE_CLOSED, response.begun() ? "in its response" : "before its response");
  }

  // ---- the tunnel

  /** The instance has agreed to another protocol. */
  void switchProtocols(ResponseHead head) throws BadMessage {
    UpstreamConnection to = connection;
    String protocol = request.head().upgrade();
    if (protocol == null || to == null) {
      throw new BadMessage(BadMessage.Kind.MALFORMED, "a 101 that nobody asked for");
    }
    response.switching(head);
    tunnel = new Tunnel(this, context.settings(), client, to, protocol);
    tunnel.begin();
  }

  /** The tunnel has ended, for this reason or as its ends wanted. */
  void tunnelClosed(Tunnel closed, @Nullable Failure failure) {
    log.received(closed.toUpstream());
    log.sent(closed.toClient());
    end(false, failure, "");
  }

  // ---- ends

  /** The time for the present step has passed. */
  public void expired() {
    long unsent = client.unsent();
    if (tunnel != null) {
      tunnel.expired();
    } else if (connection == null) {
      // The connect timeout is the socket's.
      within(context.settings().responseTimeout());
    } else if (response.begun() && unsent > 0) {
      response.sendExpired(unsent);
    } else if (response.begun()) {
      fail(Failure.INSTANCE_STALLED, "");
    } else if (!request.ended() && connection.writable()) {
      fail(Failure.REQUEST_TIMEOUT, "in its body");
    } else {
      fail(Failure.RESPONSE_TIMEOUT, request.ended() ? "" : "the request's body is not read");
    }
  }

  /** From any thread: the drain timeout of the instance has passed. */
  private void cut() {
    client.execute(
        () -> {
          Upstream upstream = selection.upstream();
          if (ended || upstream == null || !upstream.retired()) {
            return;
          }
          if (tunnel != null) {
            tunnel.drained();
          } else {
            fail(Failure.DRAINED, "");
          }
        });
  }

  /** The client has closed its connection. */
  public void clientGone() {
    if (!ended && tunnel == null) {
      end(false, Failure.CLIENT_GONE, "");
    } else if (tunnel != null) {
      tunnel.close();
    }
  }

  /** Ends with an answer of the router, or in the middle of the one that has begun. */
  void fail(Failure failure, String detail) {
    if (ended) {
      return;
    }
    if (response.begun()) {
      try {
        end(false, failure, detail);
      } finally {
        client.cut();
      }
    } else {
      answer(failure, detail);
    }
  }

  private void answer(Failure failure, String detail) {
    answer(
        Page.of(failure, log.id(), context.clock().instant(), request.head().asked()),
        failure,
        detail);
  }

  private void answer(Page page, @Nullable Failure failure, String detail) {
    log.sent(page.contentBytes());
    try {
      end(false, failure, detail);
    } finally {
      // Others want the place of one that there is no room for.
      client.answer(page, failure != Failure.OVERLOADED);
    }
  }

  /**
   * Logs the exchange and leaves the instance. Whoever calls it tells the client in any case: an
   * exchange that has ended hears of no deadline any more.
   *
   * @param whole both messages were sent to their ends
   */
  private void end(boolean whole, @Nullable Failure failure, String detail) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (failure != null) {
        log.failed(failure);
      }
      log.write(selection, failure, detail);
    } finally {
      leave(whole);
    }
  }

  /** Counts the exchange out at its instance and gives the connection back. */
  private void leave(boolean whole) {
    UpstreamConnection left = connection;
    connection = null;
    try {
      request.leave();
      if (left != null && tunnel == null) {
        left.detach(whole);
      }
    } finally {
      selection.leave();
    }
  }
}
