package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * The response of one exchange on its way to the client: its head, its body as it comes, and how
 * fast the client takes it. Belongs to the client's event loop.
 */
final class ResponseRelay {

  /** Bytes of a body that is copied behind its head rather than written by itself. */
  private static final int SMALL_BODY = 4 << 10;

  private final Exchange exchange;
  private final ProxyContext context;
  private final ClientStream client;
  private final ExchangeLog log;
  private boolean begun;
  private long unsentBefore;

  ResponseRelay(Exchange exchange, ProxyContext context, ClientStream client, ExchangeLog log) {
    this.exchange = exchange;
    this.context = context;
    this.client = client;
    this.log = log;
  }

  /** Whether the client has got a head, so that no answer of the router can take its place. */
  boolean begun() {
    return begun;
  }

  // ---- as the instance's side reads it

  void interim(ResponseHead head) throws BadMessage {
    if (head.status() == 101) {
      exchange.switchProtocols(head);
    } else if (head.status() != 100 || exchange.request().head().expectsContinue()) {
      client.interim(head);
    }
  }

  /** Sends the head that turns the exchange into a tunnel. */
  void switching(ResponseHead head) {
    begun = true;
    log.answered(head.status());
    client.switching(head, log.id());
  }

  /**
   * Relays a head, and a small body with it that is there already: one write, one system call.
   *
   * @param framing how the body is framed
   * @param rest what came after the head
   * @return how the body that follows is framed
   */
  Framing head(ResponseHead head, Framing framing, ByteBuf rest) {
    log.answered(head.status());
    exchange.answered(head);
    begun = true;
    boolean whole =
        framing.kind() == Framing.Kind.FIXED
            && framing.length() <= SMALL_BODY
            && framing.length() <= rest.readableBytes();
    int size = whole ? (int) framing.length() : 0;
    client.head(head, framing, log.id(), rest, size);
    log.sent(size);
    moved();
    if (!whole) {
      exchange.request().letGoOfHead();
    }
    return whole ? Framing.NONE : framing;
  }

  /** Relays a part of the body, and owns it. */
  void content(ByteBuf part) {
    if (exchange.ended()) {
      part.release();
      return;
    }
    log.sent(part.readableBytes());
    moved();
    client.content(part);
  }

  /** More of it has come, or the client can take more: the rest has to follow in time. */
  private void moved() {
    client.deadline().in(settings().idleTimeout());
  }

  // ---- as fast as the client takes it

  /** Reads on when the client can take more, or waits for it to do so. */
  void readMore(UpstreamConnection from) {
    if (client.takesMore()) {
      from.readMore();
    } else {
      awaitClient(client.unsent());
    }
  }

  private void awaitClient(long unsent) {
    unsentBefore = unsent;
    client.deadline().in(settings().sendTimeout());
  }

  /** Reads on if the client can take more. */
  void clientWritable(UpstreamConnection from) {
    if (client.takesMore()) {
      moved();
      from.readMore();
    }
  }

  /**
   * The time for the client to take what is written has passed: it has more, or is given up.
   *
   * @param unsent bytes that it has not taken
   */
  void sendExpired(long unsent) {
    if (context.moves(unsentBefore, unsent)) {
      awaitClient(unsent);
    } else {
      exchange.fail(Failure.CLIENT_STALLED, "");
    }
  }

  private PlatformSettings.Router settings() {
    return context.settings();
  }
}
