package dev.paas.api.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.audit.Refusals;
import dev.paas.api.identity.Scope;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Counts what users tried to change and were refused. What the platform could not do (a full disk,
 * a runtime that is away) is nobody's refusal: its trouble must not fill the audit.
 */
@Provider
class RefusedWrites implements ContainerResponseFilter {

  private static final int FIRST_REFUSAL = 400;
  private static final int LAST_REFUSAL = 499;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CurrentUser current;
  private final ResourceInfo resource;
  private final Refusals refusals;

  RefusedWrites(CurrentUser current, ResourceInfo resource, Refusals refusals) {
    this.current = current;
    this.resource = resource;
    this.refusals = refusals;
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Method method = resource.getResourceMethod();
    int status = response.getStatus();
    boolean refused = status >= FIRST_REFUSAL && status <= LAST_REFUSAL;
    if (!refused || method == null || !current.known()) {
      return;
    }
    if (current.permission().scope() == Scope.READ) {
      return;
    }
    refusals.add(
        current.actor(),
        "request.refused",
        app(request.getUriInfo().getPathParameters().getFirst("app")),
        request.getMethod() + " " + path(resource.getResourceClass()) + path(method),
        code(response));
  }

  /** As it is written in the resource: what the caller made up for its places does not count. */
  private static String path(java.lang.reflect.AnnotatedElement annotated) {
    Path path = annotated.getAnnotation(Path.class);
    if (path == null) {
      return "";
    }
    return path.value().startsWith("/") ? path.value() : "/" + path.value();
  }

  private static @Nullable AppName app(@Nullable String name) {
    try {
      return name == null ? null : new AppName(name);
    } catch (PaasException noName) {
      return null;
    }
  }

  private static String code(ContainerResponseContext response) {
    try {
      return response.getEntity() instanceof String problem
          ? JSON.readTree(problem).path("code").asText()
          : "";
    } catch (JsonProcessingException other) {
      return "";
    }
  }
}
