package dev.paas.api.acme;

import dev.paas.api.certificate.Challenges;
import dev.paas.api.certificate.KeyedChain;
import dev.paas.api.route.Routes;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** Where orders are made: the account with the authority, and the book of what became of them. */
@ApplicationScoped
class Desk {

  private static final URI NO_ACCOUNT =
      URI.create("urn:ietf:params:acme:error:accountDoesNotExist");

  private final Authority authority;
  private final OrderBook book;
  private final Challenges challenges;
  private final Routes routes;
  private final Duration patience;

  Desk(
      Authority authority,
      OrderBook book,
      Challenges challenges,
      Routes routes,
      PlatformSettings settings) {
    this.authority = authority;
    this.book = book;
    this.challenges = challenges;
    this.routes = routes;
    this.patience = settings.certificates().patience();
  }

  /** Hears of each app whose hosts are served that were not before. */
  void listen(Consumer<AppName> listener) {
    routes.listenHosts(listener);
  }

  /**
   * Whether requests for the app's hosts come to the platform, as far as that is the platform's.
   */
  boolean reaches(AppName app) {
    return routes.has(app);
  }

  OrderBook book() {
    return book;
  }

  /** Makes an order and waits for what comes of it. */
  KeyedChain order(String host) throws AcmeException, InterruptedException, Order.Refused {
    return new Order(authority.login(), host, challenges, routes, patience).carryOut();
  }

  /** An order failed: an authority that has lost the account gets it again with the next one. */
  void failed(Exception why) {
    if (why instanceof AcmeServerException server && server.getType().equals(NO_ACCOUNT)) {
      authority.forgetLocation();
    }
  }
}
