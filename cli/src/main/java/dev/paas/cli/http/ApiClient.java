package dev.paas.cli.http;

import dev.paas.cli.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Calls the REST API (docs/api.md). */
public final class ApiClient {

  /** Longer than the longest answer: a deletion that drains, in milliseconds. */
  private static final int READ_TIMEOUT_MILLIS = 150_000;

  private static final int MAX_PROBLEM = 64 << 10;

  private final Endpoint endpoint;
  private final Cancellation cancellation;
  private final URI base;

  public ApiClient(Endpoint endpoint) throws ApiProblem {
    this(endpoint, new Cancellation());
  }

  public ApiClient(Endpoint endpoint, Cancellation cancellation) throws ApiProblem {
    this.endpoint = endpoint;
    this.cancellation = cancellation;
    try {
      this.base = URI.create(endpoint.url());
    } catch (IllegalArgumentException notOne) {
      throw badAddress(endpoint.url());
    }
    if (base.getHost() == null
        || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw badAddress(endpoint.url());
    }
  }

  /** The host that the API is asked at. */
  public String host() {
    return base.getHost();
  }

  /** Cuts off what is being read, and what is asked from now on. */
  public void hangUp() {
    cancellation.cancel();
  }

  private static ApiProblem badAddress(String url) {
    return new ApiProblem(
        ApiProblem.NO_ANSWER,
        "cli.bad-address",
        "This is not the address of an API: " + url,
        "Set PAAS_API to something like " + Endpoint.DEFAULT_URL + ".");
  }

  /** A part of a path or query, escaped. */
  public static String escape(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public Json get(String path) throws ApiProblem {
    return json(call("GET", path, null));
  }

  /** The answer's text as it is. */
  public String getText(String path) throws ApiProblem {
    return call("GET", path, null);
  }

  public Json post(String path, Map<String, ?> body) throws ApiProblem {
    return json(call("POST", path, Json.write(body)));
  }

  public Json put(String path, Map<String, ?> body) throws ApiProblem {
    return json(call("PUT", path, Json.write(body)));
  }

  public Json patch(String path, Map<String, ?> body) throws ApiProblem {
    return json(call("PATCH", path, Json.write(body)));
  }

  public void delete(String path) throws ApiProblem {
    call("DELETE", path, null);
  }

  private static Json json(String text) throws ApiProblem {
    try {
      return Json.parse(text);
    } catch (IOException notJson) {
      throw ApiProblem.answer(200, text);
    }
  }

  private String call(String method, String path, @Nullable String body) throws ApiProblem {
    Map<String, String> headers = headers(body == null ? null : "application/json");
    if (!method.equals("GET")) {
      // Not a secret: it only has to differ from the keys of the same user in the last day.
      headers.put("Idempotency-Key", "cli-" + Long.toHexString(System.nanoTime()) + "-" + random());
    }
    try {
      try {
        return once(method, path, headers, body);
      } catch (ConnectException | UnknownHostException | SocketTimeoutException nobody) {
        throw nobody;
      } catch (IOException cutOff) {
        // The server may have restarted between. The key makes the second call safe.
        return once(method, path, headers, body);
      }
    } catch (IOException failed) {
      throw unreachable(failed);
    }
  }

  private static String random() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  private String once(
      String method, String path, Map<String, String> headers, @Nullable String body)
      throws IOException, ApiProblem {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    if (body != null || method.equals("POST")) {
      headers.put("Content-Length", String.valueOf(bytes.length));
    }
    URI target = target(path);
    try (HttpExchange exchange = HttpExchange.open(target, READ_TIMEOUT_MILLIS, cancellation)) {
      exchange.sendHead(method, target, headers);
      exchange.send(bytes);
      String text = new String(exchange.receive().readAllBytes(), StandardCharsets.UTF_8);
      if (exchange.status() >= 300) {
        throw ApiProblem.answer(exchange.status(), text);
      }
      return text;
    }
  }

  /** An answer that is read while it is made. */
  public interface StreamReader {
    /** The server has been asked; its answer may wait for something else. */
    default void asked() {}

    void read(InputStream answer) throws IOException, ApiProblem;
  }

  /** Reads an answer that may never end. */
  public void stream(String path, StreamReader reader) throws ApiProblem {
    exchange("GET", path, null, null, reader);
  }

  /** Posts a small body and reads an answer that takes its time. */
  public void stream(String path, Map<String, ?> body, StreamReader reader) throws ApiProblem {
    byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
    exchange("POST", path, "application/json", new ByteArrayInputStream(bytes), reader);
  }

  /** Posts bytes of unknown length as they come. */
  public void upload(String path, InputStream body, StreamReader reader) throws ApiProblem {
    exchange("POST", path, "application/octet-stream", body, reader);
  }

  private void exchange(
      String method,
      String path,
      @Nullable String type,
      @Nullable InputStream body,
      StreamReader reader)
      throws ApiProblem {
    URI target = target(path);
    Map<String, String> headers = headers(type);
    if (body != null) {
      headers.put("Transfer-Encoding", "chunked");
    }
    try (HttpExchange exchange = HttpExchange.open(target, 0, cancellation)) {
      exchange.sendHead(method, target, headers);
      if (body != null) {
        sendAll(exchange, body);
      }
      reader.asked();
      InputStream answer = exchange.receive();
      if (exchange.status() >= 300) {
        throw ApiProblem.answer(
            exchange.status(), new String(answer.readNBytes(MAX_PROBLEM), StandardCharsets.UTF_8));
      }
      reader.read(answer);
    } catch (IOException failed) {
      throw unreachable(failed);
    }
  }

  /** Opens a WebSocket, over which it is talked for as long as it takes. */
  public WebSocketConnection webSocket(String path) throws ApiProblem {
    URI target = target(path);
    HttpExchange exchange = null;
    try {
      exchange = HttpExchange.open(target, 0, cancellation);
      WebSocketConnection open = WebSocketConnection.open(exchange, target, headers(null));
      exchange = null;
      return open;
    } catch (IOException failed) {
      throw unreachable(failed);
    } finally {
      close(exchange);
    }
  }

  private static void close(@Nullable HttpExchange refused) {
    if (refused != null) {
      try {
        refused.close();
      } catch (IOException broken) {
        // It was of no use.
      }
    }
  }

  /** A server may answer before it has read everything, to refuse it: then the answer counts. */
  private static void sendAll(HttpExchange exchange, InputStream body) throws IOException {
    try {
      exchange.sendChunked(body);
    } catch (SocketException stoppedReading) {
      // Either an answer is there, or reading it fails the same way.
    }
  }

  private URI target(String path) {
    return URI.create(base + path);
  }

  private Map<String, String> headers(@Nullable String type) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "*/*");
    headers.put("User-Agent", "paas-cli");
    if (endpoint.token() != null) {
      headers.put("Authorization", "Bearer " + endpoint.token());
    }
    if (type != null) {
      headers.put("Content-Type", type);
    }
    return headers;
  }

  private ApiProblem unreachable(IOException failed) {
    boolean nobody = failed instanceof ConnectException || failed instanceof UnknownHostException;
    String why =
        failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    return new ApiProblem(
        ApiProblem.NO_ANSWER,
        nobody ? "cli.unreachable" : "cli.cut-off",
        nobody
            ? "Can't reach the platform at " + base
            : "The connection to " + base + " broke (" + why + ")",
        nobody
            ? "Wait if it is still starting, or choose another one: paas login URL, or PAAS_API."
            : "Try again; what was asked may have been done.");
  }
}
