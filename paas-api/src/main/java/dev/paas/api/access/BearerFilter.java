package dev.paas.api.access;

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

/** Lets nothing through without a valid bearer token (RFC 6750), except methods that permit all. */
@Provider
@Priority(Priorities.AUTHENTICATION)
class BearerFilter implements ContainerRequestFilter {

  private static final String SCHEME = "bearer ";

  private final Tokens tokens;
  private final CurrentUser current;
  private final ResourceInfo resource;

  BearerFilter(Tokens tokens, CurrentUser current, ResourceInfo resource) {
    this.tokens = tokens;
    this.current = current;
    this.resource = resource;
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
    User user =
        tokens
            .authenticate(header.substring(SCHEME.length()).trim())
            .orElseThrow(() -> CurrentUser.unauthenticated().asException());
    current.is(user);
    request.setSecurityContext(new Authenticated(user, request.getSecurityContext().isSecure()));
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
