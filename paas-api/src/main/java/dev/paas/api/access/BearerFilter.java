package dev.paas.api.access;

import dev.paas.api.identity.User;
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

/**
 * Lets nothing through that its method's {@link Needs} does not allow, nor, where that is not open
 * to all, without a valid bearer token (RFC 6750). A permission on an app is the method's to
 * require: whether there is such an app must hold in the commit of what is done to it.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
class BearerFilter implements ContainerRequestFilter {

  private final BearerTokens bearer;
  private final ResourceInfo resource;
  private final CurrentVertxRequest connection;

  BearerFilter(BearerTokens bearer, ResourceInfo resource, CurrentVertxRequest connection) {
    this.bearer = bearer;
    this.resource = resource;
    this.connection = connection;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    Permission permission = declared();
    if (permission.isOpenToAll()) {
      return;
    }
    User user =
        bearer.enter(
            new BearerTokens.Request(
                request.getHeaderString(HttpHeaders.AUTHORIZATION),
                address(),
                request.getMethod(),
                request.getUriInfo().getPath()),
            permission);
    request.setSecurityContext(new Authenticated(user, request.getSecurityContext().isSecure()));
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
