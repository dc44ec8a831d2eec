package dev.paas.router.client;

import dev.paas.router.budget.ClientAddress;
import dev.paas.router.http1.RequestHead;
import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.proxy.Scheme;
import dev.paas.router.proxy.Sender;

/**
 * Tells whom the requests of one connection are from: its peer, or the one for whom a trusted proxy
 * speaks, either at the beginning of the connection or in each request.
 */
final class ClientOrigin {

  private final ProxyContext context;
  private final boolean trusted;
  private ClientAddress address;
  private boolean announcing;
  private Scheme scheme;

  ClientOrigin(ProxyContext context, Arrival arrival) {
    this.context = context;
    this.address = arrival.address();
    this.trusted = arrival.trusted();
    this.announcing = trusted && context.settings().proxyProtocol();
    this.scheme = Scheme.of(arrival.secure());
  }

  ClientAddress address() {
    return address;
  }

  /** Whether a PROXY header has to come before the first request. */
  boolean announcing() {
    return announcing;
  }

  /**
   * That header has come.
   *
   * @return whether it names somebody else than the peer
   */
  boolean announced(ProxyHeader header) {
    announcing = false;
    scheme = Scheme.of(scheme == Scheme.HTTPS || header.secure());
    if (header.client() == null) {
      return false;
    }
    address = ClientAddress.of(header.client());
    return true;
  }

  /** Whether each request says who sends it. */
  boolean perRequest() {
    return trusted && !context.settings().proxyProtocol();
  }

  /** Who sends this request. */
  Sender sender(RequestHead head) {
    return perRequest()
        ? Sender.reported(head.fields(), address, context.trusted(), scheme)
        : Sender.itself(address, scheme);
  }
}
