package dev.paas.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server that answers as the test says and remembers what it was asked. */
final class ScriptedApi implements AutoCloseable {

  record Asked(String line, String body, String authorization, String idempotencyKey) {}

  /** Answers a request whose body has been read. */
  interface Answer {
    void to(HttpExchange exchange, String body) throws IOException;
  }

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server;

  ScriptedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** E.g. {@code on("GET /v1/apps", 200, "[]")}. */
  void on(String line, int status, String body) {
    on(line, (exchange, ignored) -> answer(exchange, status, body));
  }

  void on(String line, Answer answer) {
    answers.put(line, answer);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      Answer answer = answers.get(line);
      if (answer == null) {
        answer(exchange, 404, problem("app.not-found", "There is no such thing", line));
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.add(
          new Asked(
              line,
              body,
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
              String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"))));
      answer.to(exchange, body);
    }
  }

  static String problem(String code, String what, String value) {
    return "{\"type\":\"about:blank\",\"title\":\"%s\",\"code\":\"%s\",\"detail\":\"%s\",\"value\":\"%s\",\"fix\":\"Correct it.\"}"
        .formatted(what, code, what, value);
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** A stream: chunked, each line at once. */
  static void stream(HttpExchange exchange, List<String> lines) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String line : lines) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
