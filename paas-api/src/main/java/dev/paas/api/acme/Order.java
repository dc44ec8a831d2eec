package dev.paas.api.acme;

import dev.paas.api.certificate.Challenges;
import dev.paas.api.certificate.KeyedChain;
import dev.paas.api.route.Routes;
import java.security.KeyPair;
import java.time.Duration;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * One order of a certificate for a host, from its beginning to its end (RFC 8555 §7.4): the
 * authority reads at the host what the router says there (§8.3), and issues.
 */
final class Order {

  /** The authority says no, for a reason that it gives. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  private final Login login;
  private final String host;
  private final Challenges challenges;
  private final Routes routes;
  private final Duration patience;

  Order(Login login, String host, Challenges challenges, Routes routes, Duration patience) {
    this.login = login;
    this.host = host;
    this.challenges = challenges;
    this.routes = routes;
    this.patience = patience;
  }

  KeyedChain carryOut() throws AcmeException, InterruptedException, Refused {
    org.shredzone.acme4j.Order order = login.newOrder().domain(host).create();
    for (Authorization authorization : order.getAuthorizations()) {
      if (authorization.getStatus() != Status.VALID) {
        prove(authorization);
      }
    }
    if (order.waitUntilReady(patience) != Status.READY) {
      throw new Refused(why(order));
    }
    KeyPair key = Authority.newKey();
    order.execute(key);
    if (order.waitForCompletion(patience) != Status.VALID) {
      throw new Refused(why(order));
    }
    return new KeyedChain(order.getCertificate().getCertificateChain(), key.getPrivate());
  }

  private static String why(org.shredzone.acme4j.Order order) {
    return order.getError().map(Order::text).orElse("the order is " + order.getStatus());
  }

  private void prove(Authorization authorization)
      throws AcmeException, InterruptedException, Refused {
    Http01Challenge challenge =
        authorization
            .findChallenge(Http01Challenge.class)
            .orElseThrow(() -> new Refused("the authority does not look by HTTP"));
    String token = challenge.getToken();
    challenges.show(host, token, challenge.getAuthorization());
    try {
      routes.awaitSaid(host, token);
      challenge.trigger();
      if (authorization.waitForCompletion(patience) != Status.VALID) {
        challenge.fetch();
        throw new Refused(
            challenge
                .getError()
                .map(Order::text)
                .orElse("the authority has not looked at the host in time"));
      }
    } finally {
      challenges.withdraw(host, token);
    }
  }

  private static String text(Problem problem) {
    String detail = problem.getDetail().orElse(problem.getType().toString());
    return problem.getSubProblems().stream()
        .findFirst()
        .flatMap(Problem::getDetail)
        .map(more -> detail + ": " + more)
        .orElse(detail);
  }
}
