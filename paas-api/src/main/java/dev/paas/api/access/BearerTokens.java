package dev.paas.api.access;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.api.identity.Grant;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who makes a request by its bearer token (RFC 6750), and refuses what that user may do to no
 * app. A permission on an app is left to whoever serves the request.
 */
@Singleton
public class BearerTokens {

  private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);
  private static final String SCHEME = "bearer ";

  private final Tokens tokens;
  private final Policy policy;
  private final CurrentUser current;
  private final Refusals refusals;

  BearerTokens(Tokens tokens, Policy policy, CurrentUser current, Refusals refusals) {
    this.tokens = tokens;
    this.policy = policy;
    this.current = current;
    this.refusals = refusals;
  }

  /**
   * What is known of a request before its user is.
   *
   * @param authorization the header of this name
   * @param peer the address that it comes from; may be empty
   */
  public record Request(@Nullable String authorization, String peer, String method, String path) {}

  /**
   * Makes the user of a request the {@link CurrentUser}.
   *
   * @throws PaasException {@code access.unauthenticated}, {@code access.read-only}, {@code
   *     access.forbidden}
   */
  public User enter(Request request, Permission permission) {
    String header = request.authorization();
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw CurrentUser.unauthenticated().asException();
    }
    Optional<Grant> valid = tokens.authenticate(header.substring(SCHEME.length()).trim());
    if (valid.isEmpty()) {
      refusals.add(new Actor("", "", request.peer()), "token.refused", null);
      throw CurrentUser.unauthenticated().asException();
    }
    Grant grant = valid.get();
    Subject subject = new Subject(grant.user(), grant.scope());
    String address = grant.address().isEmpty() ? request.peer() : grant.address();
    Actor actor = new Actor(subject.user().name(), grant.credential(), address);
    Decision decision = policy.beforeTheApp(subject, permission);
    if (decision == Decision.READ_ONLY) {
      throw readOnly(request, actor, permission);
    }
    current.is(subject, actor, permission);
    if (decision != Decision.ALLOWED) {
      throw Policy.refusal(decision, permission, "").asException();
    }
    return subject.user();
  }

  /**
   * Makes the user of something that was let in earlier, and goes on, the {@link CurrentUser}.
   *
   * @param before what it was let in as
   * @throws PaasException {@code access.revoked}, {@code access.forbidden}
   */
  public void enterAgain(Subject before, Actor actor, Permission permission) {
    User user =
        tokens
            .standing(actor.user(), actor.credential())
            .orElseThrow(
                () ->
                    Problem.of(
                            Kind.UNAUTHENTICATED,
                            "access.revoked",
                            "The key or token that this was opened with is no longer valid",
                            actor.credential(),
                            "Use another one, or ask an admin.")
                        .asException());
    Subject subject = new Subject(user, before.scope());
    Decision decision = policy.beforeTheApp(subject, permission);
    if (decision != Decision.ALLOWED) {
      throw Policy.refusal(decision, permission, "").asException();
    }
    current.is(subject, actor, permission);
  }

  private PaasException readOnly(Request request, Actor actor, Permission permission) {
    LOG.atInfo()
        .addKeyValue("user", actor.user())
        .addKeyValue("method", request.method())
        .addKeyValue("path", Problem.printable(request.path()))
        .log("audit: token of scope read refused");
    refusals.add(actor, "scope.refused", null);
    return Policy.refusal(Decision.READ_ONLY, permission, request.method() + " " + request.path())
        .asException();
  }
}
