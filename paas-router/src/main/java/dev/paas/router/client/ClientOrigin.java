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
  private Scheme scheme = Scheme.HTTP;

  /**
   * @param trusted what it says of others is believed
   */
  ClientOrigin(ProxyContext context, ClientAddress address, boolean trusted) {
    this.context = context;
    this.address = address;
    this.trusted = trusted;
    this.announcing = trusted && context.settings().proxyProtocol();
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
    scheme = Scheme.of(header.secure());
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
        ? Sender.reported(head.fields(), address, context.trusted())
        : Sender.itself(address, scheme);
  }
}
