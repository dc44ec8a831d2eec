package dev.paas.api.access;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.api.identity.Grant;
import dev.paas.api.identity.Scope;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
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
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets nothing through without a valid bearer token (RFC 6750), except methods that permit all. */
@Provider
@Priority(Priorities.AUTHENTICATION)
class BearerFilter implements ContainerRequestFilter {

  private static final Logger LOG = LoggerFactory.getLogger(BearerFilter.class);
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final String SCHEME = "bearer ";

  private final Tokens tokens;
  private final CurrentUser current;
  private final ResourceInfo resource;
  private final CurrentVertxRequest connection;
  private final Refusals refusals;

  BearerFilter(
      Tokens tokens,
      CurrentUser current,
      ResourceInfo resource,
      CurrentVertxRequest connection,
      Refusals refusals) {
    this.tokens = tokens;
    this.current = current;
    this.resource = resource;
    this.connection = connection;
    this.refusals = refusals;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (resource.getResourceMethod() != null
        && resource.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
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
    User user = grant.user();
    String address = grant.address().isEmpty() ? address() : grant.address();
    Actor actor = new Actor(user.name(), grant.credential(), address);
    if (grant.scope() == Scope.READ && !isRead(request)) {
      LOG.atInfo()
          .addKeyValue("user", user.name())
          .addKeyValue("method", request.getMethod())
          .addKeyValue("path", Problem.printable(request.getUriInfo().getPath()))
          .log("audit: token of scope read refused");
      refusals.add(actor, "scope.refused", null);
      throw Problem.of(
              Kind.FORBIDDEN,
              "access.read-only",
              "This token may only read, and no config vars",
              request.getMethod() + " " + request.getUriInfo().getPath(),
              "Use a token of scope write: paas tokens:create NAME.")
          .asException();
    }
    current.is(user, actor);
    request.setSecurityContext(new Authenticated(user, request.getSecurityContext().isSecure()));
  }

  private String address() {
    SocketAddress peer = connection.getCurrent().request().remoteAddress();
    return peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
  }

  private boolean isRead(ContainerRequestContext request) {
    return READS.contains(request.getMethod())
        && (resource.getResourceMethod() == null
            || !resource.getResourceMethod().isAnnotationPresent(NeedsWrite.class));
  }

  private record Authenticated(User user, boolean secure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return user::name;
    }

    @Override
    public boolean isUserInRole(String role) {
      return role.equals("admin") && user.admin();
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
