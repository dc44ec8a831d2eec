package dev.paas.router.client;

import dev.paas.router.budget.ClientAddress;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.MessageWriter;
import dev.paas.router.http1.ResponseHead;
import dev.paas.router.proxy.Failure;
import dev.paas.router.proxy.HeadRewriter;
import dev.paas.router.proxy.Page;
import dev.paas.router.proxy.ProxyContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/** Heads of responses as an HTTP/1 client gets them: framed, and with what its connection needs. */
final class Http1Heads {

  private static final int UPGRADE_REQUIRED = 426;

  private Http1Heads() {}

  /**
   * A final response.
   *
   * @param framing how its body goes on
   * @param close the connection ends with it
   */
  static ResponseHead response(ResponseHead head, Framing framing, String id, boolean close) {
    Fields out = HeadRewriter.endToEnd(head.fields());
    if (framing.hasBody()) {
      framing.addTo(out);
    } else if (head.status() != 204) {
      // No body follows, and the length is that of the body a GET would have had, or 0.
      String length = Framing.lengthOf(head);
      if (length != null) {
        out.add("Content-Length", length);
      }
    }
    out.add("X-Request-Id", id);
    String upgrade = head.status() == UPGRADE_REQUIRED ? head.fields().first("Upgrade") : null;
    if (upgrade != null) {
      // Its whole point (RFC 9110 §15.5.22).
      out.add("Upgrade", upgrade).add("Connection", close ? "Upgrade, close" : "Upgrade");
    } else if (close) {
      out.add("Connection", "close");
    }
    return new ResponseHead(head.status(), head.reason(), 1, out);
  }

  static ResponseHead interim(ResponseHead head) {
    return new ResponseHead(head.status(), head.reason(), 1, HeadRewriter.endToEnd(head.fields()));
  }

  /** The answer that turns the connection into a tunnel. */
  static ResponseHead switching(ResponseHead head, String id) {
    Fields out = HeadRewriter.endToEnd(head.fields());
    String protocol = head.fields().first("Upgrade");
    out.add("Connection", "Upgrade");
    if (protocol != null) {
      out.add("Upgrade", protocol);
    }
    out.add("X-Request-Id", id);
    return new ResponseHead(head.status(), head.reason(), 1, out);
  }

  /** An answer of the router, whole; {@code page} is used up. */
  static ByteBuf page(ByteBufAllocator allocator, Page page, boolean close) {
    if (close) {
      page.head().fields().add("Connection", "close");
    }
    ByteBuf answer = MessageWriter.response(allocator, page.head(), page.contentBytes());
    ByteBufUtil.writeUtf8(answer, page.body());
    return answer;
  }

  /** The answer to bytes that can't be relayed as a request: logged, and the connection's last. */
  static ByteBuf refusal(
      ProxyContext context,
      ByteBufAllocator allocator,
      ClientAddress client,
      Failure failure,
      String detail) {
    String id = context.newRequestId();
    Page page = Page.of(failure, id, context.clock().instant(), Page.Asked.UNKNOWN);
    context.logRefused(id, client.text(), failure, detail, page.contentBytes());
    return page(allocator, page, true);
  }
}
