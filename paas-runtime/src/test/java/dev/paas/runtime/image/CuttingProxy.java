package dev.paas.runtime.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes requests on to a registry and cuts some of the answers that are blobs. */
final class CuttingProxy implements AutoCloseable {

  /** After so many bytes of an answer, its head included. */
  private static final int CUT = 50_000;

  /** The heads of what was asked for. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final AtomicInteger cuts;
  private final int registry;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newFixedThreadPool(32);

  CuttingProxy(int registry, int cuts) throws IOException {
    this.registry = registry;
    this.cuts = new AtomicInteger(cuts);
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), registry)) {
      String head = head(client.getInputStream());
      asked.add(head);
      upstream.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      upstream.getOutputStream().flush();
      boolean cut = head.contains("/blobs/") && head.startsWith("GET");
      pass(upstream.getInputStream(), client.getOutputStream(), cut);
    } catch (IOException gone) {
      // The client has what it wanted.
      return;
    }
  }

  /** One request a connection, so that the registry ends it. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("no request");
      }
      head.append((char) c);
    }
    return head.toString()
        .replaceAll("(?i)\r\nConnection: [^\r]*", "")
        .replaceFirst("\r\n", "\r\nConnection: close\r\n");
  }

  private void pass(InputStream from, OutputStream to, boolean mayCut) throws IOException {
    byte[] buffer = new byte[8192];
    int passed = 0;
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      to.write(buffer, 0, n);
      passed += n;
      if (mayCut && passed > CUT && cuts.getAndDecrement() > 0) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
