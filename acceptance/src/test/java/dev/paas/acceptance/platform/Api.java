package dev.paas.acceptance.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The REST API as any program would call it, with the admin's token. */
public final class Api {
  private final Platform platform;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public Api(Platform platform) {
    this.platform = platform;
  }

  /** An answer; the body as it came. */
  public record Answer(int status, String body) {
    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }
  }

  public Answer get(String path) {
    return answered(send(request(path).GET()));
  }

  /** The same with another token than the admin's. */
  public Answer get(String path, String token) {
    return answered(send(request(path).setHeader("Authorization", "Bearer " + token).GET()));
  }

  public Answer post(String path, String json) {
    return answered(send(posting(path, json)));
  }

  /** A write that names itself; it does not wait for the answer. */
  public CompletableFuture<Answer> postOnce(String path, String json, String idempotencyKey) {
    return send(posting(path, json).header("Idempotency-Key", idempotencyKey));
  }

  private HttpRequest.Builder posting(String path, String json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(platform.variable("PAAS_API") + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + platform.variable("PAAS_TOKEN"));
  }

  private CompletableFuture<Answer> send(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> new Answer(response.statusCode(), response.body()));
  }

  private static Answer answered(CompletableFuture<Answer> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new UncheckedIOException(new IOException("the API did not answer", e.getCause()));
    }
  }
}
