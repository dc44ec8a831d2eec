package dev.paas.api.http;

import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An answer as it was given; an empty media type means no body. */
final class KeptAnswer {

  private final int status;
  private final String mediaType;
  private final byte[] body;

  KeptAnswer(int status, String mediaType, byte[] body) {
    this.status = status;
    this.mediaType = mediaType;
    this.body = body.clone();
  }

  int status() {
    return status;
  }

  String mediaType() {
    return mediaType;
  }

  byte[] body() {
    return body.clone();
  }

  Response response() {
    Response.ResponseBuilder response = Response.status(status);
    if (!mediaType.isEmpty()) {
      response.type(mediaType).entity(new String(body, StandardCharsets.UTF_8));
    }
    return response.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeptAnswer answer
        && answer.status == status
        && answer.mediaType.equals(mediaType)
        && Arrays.equals(answer.body, body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(status, mediaType, Arrays.hashCode(body));
  }
}
