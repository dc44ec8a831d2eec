package dev.paas.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a request ends in into a problem that says what to do. */
public final class ProblemMappers {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemMappers.class);

  @ServerExceptionMapper
  public Response known(PaasException refused) {
    return answer(refused.problem());
  }

  // Named one by one: Quarkus has a mapper of its own for a mismatch, which answers with an empty
  // body.
  @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
  public Response json(JsonProcessingException malformed) {
    return answer(explain(malformed));
  }

  @ServerExceptionMapper
  public Response standard(WebApplicationException refused, ContainerRequestContext request) {
    for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof PaasException known) {
        return known(known);
      }
      if (cause instanceof JsonProcessingException malformed) {
        return json(malformed);
      }
    }
    // What JAX-RS does with a parameter that can't be read (JAX-RS 3.2).
    if (refused instanceof NotFoundException
        && refused.getCause() instanceof IllegalArgumentException) {
      return known(badParameter(request).asException());
    }
    int status = refused.getResponse().getStatus();
    if (status < 400) {
      return refused.getResponse();
    }
    if (status >= 500) {
      return unexpected(refused, request);
    }
    return ProblemJson.response(status, ofStatus(status, request));
  }

  /** A bug: the caller gets a reference, the log gets the reason under it. */
  @ServerExceptionMapper
  public Response unexpected(Throwable bug, ContainerRequestContext request) {
    String reference = String.valueOf(request.getHeaderString(RequestGuard.REQUEST_ID));
    LOG.atError()
        .addKeyValue("reference", reference)
        .addKeyValue("method", request.getMethod())
        .addKeyValue("path", Problem.printable(request.getUriInfo().getPath()))
        .setCause(bug)
        .log("request failed unexpectedly");
    Problem problem =
        Problem.of(
            Kind.INTERNAL,
            "http.unexpected",
            "Something broke inside the control plane",
            reference,
            "Try again; if it stays, look for this reference in the log of paasd.");
    return answer(problem);
  }

  private static Response answer(Problem problem) {
    return ProblemJson.response(ProblemStatus.of(problem.kind()), problem);
  }

  private static Problem ofStatus(int status, ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    return switch (status) {
      case 404 ->
          Problem.of(
              Kind.NOT_FOUND,
              "http.not-found",
              "There is nothing at this path",
              path,
              "See /openapi for what there is.");
      case 405 ->
          Problem.of(
              Kind.INVALID,
              "http.bad-method",
              "This path does not take this method",
              request.getMethod() + " " + path,
              "See /openapi for what it takes.");
      case 406 ->
          Problem.of(
              Kind.INVALID,
              "http.not-acceptable",
              "The answer does not come in the wanted media type",
              String.valueOf(request.getHeaderString("Accept")),
              "Send Accept: application/json, or leave it out.");
      case 413 -> tooLarge();
      case 415 ->
          Problem.of(
              Kind.INVALID,
              "http.bad-media-type",
              "The body is not in a media type that this path takes",
              String.valueOf(request.getHeaderString("Content-Type")),
              "Send Content-Type: application/json.");
      default ->
          Problem.of(Kind.INVALID, "http.bad-request", "The request is malformed", "See /openapi.");
    };
  }

  private static Problem badParameter(ContainerRequestContext request) {
    return Problem.of(
        Kind.INVALID,
        "http.bad-parameter",
        "A parameter of this address is not of its type",
        request.getUriInfo().getRequestUri().toString(),
        "See /openapi for what is expected.");
  }

  static Problem tooLarge() {
    return Problem.of(
        Kind.TOO_LARGE,
        "http.too-large",
        "The body of the request is too large",
        "Send less, or raise api.max-body.");
  }

  private static Problem explain(JsonProcessingException malformed) {
    if (malformed instanceof UnrecognizedPropertyException unknown) {
      List<String> known =
          unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
      String nearest =
          Nearest.to(unknown.getPropertyName(), known)
              .map(name -> "Did you mean " + name + "? ")
              .orElse("");
      return Problem.of(
          Kind.INVALID,
          "http.unknown-field",
          "The body has a field that is not known here",
          unknown.getPropertyName(),
          nearest + "Known here: " + String.join(", ", known) + ".");
    }
    if (malformed instanceof StreamConstraintsException) {
      return Problem.of(
          Kind.INVALID,
          "http.bad-json",
          "The JSON is nested too deeply or has too long names or numbers",
          "Make it simpler.");
    }
    if (malformed.getCause() instanceof InputCoercionException
        && malformed instanceof JsonMappingException number) {
      return Problem.of(
          Kind.INVALID,
          "http.bad-field",
          "A number of the body is out of any range",
          path(number),
          "See /openapi for what is expected.");
    }
    if (malformed instanceof MismatchedInputException mismatch) {
      return Problem.of(
          Kind.INVALID,
          "http.bad-field",
          "A field of the body has the wrong type or is missing",
          path(mismatch),
          "See /openapi for what is expected.");
    }
    @Nullable String where =
        malformed.getLocation() == null
            ? ""
            : "line "
                + malformed.getLocation().getLineNr()
                + ", column "
                + malformed.getLocation().getColumnNr();
    return Problem.of(
        Kind.INVALID,
        "http.bad-json",
        "The body is not JSON",
        where,
        "Correct the body at that place.");
  }

  private static String path(JsonMappingException mapping) {
    return mapping.getPath().stream()
        .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
        .collect(Collectors.joining("."));
  }
}
