package dev.paas.api.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.base.problem.Problem;
import jakarta.ws.rs.core.Response;

/** A problem as RFC 9457 has it, with our code and fix. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ProblemJson(
    String type, int status, String title, String code, String detail, String value, String fix) {

  static final String MEDIA_TYPE = "application/problem+json";

  private static final ObjectMapper JSON = new ObjectMapper();

  static String text(int status, Problem problem) {
    try {
      return JSON.writeValueAsString(
          new ProblemJson(
              "about:blank",
              status,
              problem.what(),
              problem.code(),
              problem.what(),
              problem.value(),
              problem.fix()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Response response(int status, Problem problem) {
    return Response.status(status).type(MEDIA_TYPE).entity(text(status, problem)).build();
  }
}
