package dev.paas.router.proxy;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.table.Site;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The request of one exchange on its way to an instance: its head, for as long as it may have to be
 * sent once more, and its body as it comes. Belongs to the client's event loop.
 */
public final class RequestRelay {

  /** Bytes of a head that are not worth the work of letting go of them. */
  private static final int SMALL_HEAD = 1 << 10;

  private final Exchange exchange;
  private final ClientStream client;
  private final ExchangeLog log;
  private final Sender sender;

  private ValidatedRequest request;
  private int headBytes;
  private @Nullable UpstreamConnection to;
  private boolean ended;

  /**
   * @param headBytes that the head takes
   */
  RequestRelay(
      Exchange exchange,
      ClientStream client,
      ExchangeLog log,
      Sender sender,
      ValidatedRequest request,
      int headBytes) {
    this.exchange = exchange;
    this.client = client;
    this.log = log;
    this.sender = sender;
    this.request = request;
    this.headBytes = headBytes;
    this.ended = !request.framing().hasBody();
  }

  ValidatedRequest head() {
    return request;
  }

  /** Bytes that the head takes. */
  int headBytes() {
    return headBytes;
  }

  /** Whether all of the request has come. */
  boolean ended() {
    return ended;
  }

  /** What the router answers itself for the site that was asked for; null: its app does. */
  @Nullable Page ownAnswer(ProxyContext context, String id) {
    Site site = context.table().routes().find(request.host()).orElse(null);
    if (site == null) {
      return null;
    }
    if (Site.isChallenge(request.target())) {
      String answer = site.challenge(request.target());
      return answer == null
          ? null
          : Page.text(answer, id, context.clock().instant(), request.asked().head());
    }
    return site.securePort() > 0
            && sender.scheme() == Scheme.HTTP
            && request.target().startsWith("/")
        ? Page.redirect(
            site.secure(request.host(), request.target()), id, context.clock().instant())
        : null;
  }

  /** Sends the head; what comes of the body follows it. */
  void sendTo(UpstreamConnection chosen) {
    to = chosen;
    chosen.begin(
        exchange,
        HeadRewriter.request(request, sender, log.id(), log.startedMillis()),
        request.framing());
    if (!chosen.used() || !request.repeatable()) {
      letGoOfHead();
    }
  }

  /** The head was sent for the last time. */
  void letGoOfHead() {
    if (headBytes > SMALL_HEAD) {
      request = request.sent();
      headBytes = SMALL_HEAD;
    }
  }

  /** The instance gets no more of it. */
  void leave() {
    to = null;
  }

  // ---- the body, as the client's side reads it

  /** Whether more of the body is wanted, now or when the instance takes it. */
  public boolean wanted() {
    return !ended && to != null;
  }

  /**
   * Whether the instance takes more of the body at this moment.
   *
   * @param comes there is some
   */
  public boolean takes(boolean comes) {
    UpstreamConnection chosen = to;
    if (chosen == null || !chosen.takesMore(client.tight())) {
      return false;
    }
    if (comes) {
      exchange.requestMoved();
    }
    return true;
  }

  /** Bytes that are about to be relayed, in a buffer that is not much larger than they are. */
  public ByteBuf taking(ByteBuf read) {
    return to == null ? read : to.unsent().taking(read);
  }

  /** Relays a part of the body, and owns it. */
  public void content(ByteBuf part) {
    if (to == null) {
      part.release();
      return;
    }
    log.received(part.readableBytes());
    to.content(part);
  }

  /** The body is whole. Its trailers are dropped: they must not be merged, and apps ignore them. */
  public void end() {
    ended = true;
    if (to != null) {
      to.end();
    }
    exchange.requestMoved();
  }

  /** All that was there of the body is relayed; more is to come. */
  public void pause() {
    exchange.requestPaused();
  }

  /** The body is not framed as it should be. */
  public void bad(BadMessage bad) {
    exchange.fail(Failure.BAD_REQUEST, bad.what());
  }

  /** Hands what was relayed to the kernel. */
  public void flush() {
    if (to != null) {
      to.flush();
    }
  }
}
