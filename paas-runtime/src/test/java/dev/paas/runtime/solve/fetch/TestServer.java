package dev.paas.runtime.solve.fetch;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP server on this host, with files that have what headers a test wants. */
public final class TestServer implements AutoCloseable {

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();

  /**
   * What is at a path.
   *
   * @param length as it is said; 0: not said, the content comes in chunks
   */
  private record Answer(int status, Map<String, String> headers, ByteString content, long length) {}

  public TestServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public void put(String path, byte[] content, Map<String, String> headers) {
    answers.put(path, new Answer(200, headers, ByteString.copyFrom(content), content.length));
  }

  void putInChunks(String path, byte[] content) {
    answers.put(path, new Answer(200, Map.of(), ByteString.copyFrom(content), 0));
  }

  void fail(String path, int status, Map<String, String> headers) {
    answers.put(path, new Answer(status, headers, ByteString.EMPTY, -1));
  }

  /** How many contents were sent whole. */
  public int sent() {
    return sent.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer =
          answers.getOrDefault(
              exchange.getRequestURI().getPath(), new Answer(404, Map.of(), ByteString.EMPTY, -1));
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.sendResponseHeaders(answer.status(), answer.length());
      if (answer.length() >= 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          answer.content().writeTo(out);
        }
        sent.incrementAndGet();
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
