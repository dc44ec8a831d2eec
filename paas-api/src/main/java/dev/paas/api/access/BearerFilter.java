package dev.paas.api.access;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.api.identity.Grant;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nothing through that its method's {@link Needs} does not allow, nor, where that is not open
 * to all, without a valid bearer token (RFC 6750). A permission on an app is the method's to
 * require: whether there is such an app must hold in the commit of what is done to it.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
class BearerFilter implements ContainerRequestFilter {

  private static final Logger LOG = LoggerFactory.getLogger(BearerFilter.class);
  private static final String SCHEME = "bearer ";

  private final Tokens tokens;
  private final Policy policy;
  private final CurrentUser current;
  private final ResourceInfo resource;
  private final CurrentVertxRequest connection;
  private final Refusals refusals;

  BearerFilter(
      Tokens tokens,
      Policy policy,
      CurrentUser current,
      ResourceInfo resource,
      CurrentVertxRequest connection,
      Refusals refusals) {
    this.tokens = tokens;
    this.policy = policy;
    this.current = current;
    this.resource = resource;
    this.connection = connection;
    this.refusals = refusals;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    Permission permission = declared();
    if (permission.isOpenToAll()) {
      return;
    }
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw CurrentUser.unauthenticated().asException();
    }
    Optional<Grant> valid = tokens.authenticate(header.substring(SCHEME.length()).trim());
    if (valid.isEmpty()) {
      refusals.add(new Actor("", "", address()), "token.refused", null);
      throw CurrentUser.unauthenticated().asException();
    }
    Grant grant = valid.get();
    Subject subject = new Subject(grant.user(), grant.scope());
    String address = grant.address().isEmpty() ? address() : grant.address();
    Actor actor = new Actor(subject.user().name(), grant.credential(), address);
    Decision decision = policy.beforeTheApp(subject, permission);
    if (decision == Decision.READ_ONLY) {
      throw readOnly(request, actor, permission);
    }
    current.is(subject, actor, permission);
    if (decision != Decision.ALLOWED) {
      throw Policy.refusal(decision, permission, "").asException();
    }
    request.setSecurityContext(
        new Authenticated(subject.user(), request.getSecurityContext().isSecure()));
  }

  /** Nothing is served of which it is not said who may have it. */
  private Permission declared() {
    Needs needs = resource.getResourceMethod().getAnnotation(Needs.class);
    if (needs == null) {
      throw new IllegalStateException(
          resource.getResourceMethod() + " does not declare what its callers need");
    }
    return needs.value();
  }

  private PaasException readOnly(
      ContainerRequestContext request, Actor actor, Permission permission) {
    String path = request.getUriInfo().getPath();
    LOG.atInfo()
        .addKeyValue("user", actor.user())
        .addKeyValue("method", request.getMethod())
        .addKeyValue("path", Problem.printable(path))
        .log("audit: token of scope read refused");
    refusals.add(actor, "scope.refused", null);
    return Policy.refusal(Decision.READ_ONLY, permission, request.getMethod() + " " + path)
        .asException();
  }

  private String address() {
    SocketAddress peer = connection.getCurrent().request().remoteAddress();
    return peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
  }

  private record Authenticated(User user, boolean secure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return user::name;
    }

    @Override
    public boolean isUserInRole(String role) {
      return false; // Nobody asks for roles: methods declare permissions.
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public String getAuthenticationScheme() {
      return "BEARER";
    }
  }
}
