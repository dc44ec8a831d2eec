package dev.paas.runtime.solve.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Answers one request with the bytes that it is given, right or wrong. */
final class RawServer implements AutoCloseable {

  private final ServerSocket listening;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private RawServer(String answer, boolean holds) throws IOException {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread answering = new Thread(() -> answer(answer, holds), "raw-server");
    answering.setDaemon(true);
    answering.start();
  }

  /** Ends the connection behind its answer. */
  static RawServer closing(String answer) throws IOException {
    return new RawServer(answer, false);
  }

  /** Says nothing more, and holds the connection until it is closed itself. */
  static RawServer holding(String answer) throws IOException {
    return new RawServer(answer, true);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort() + "/file";
  }

  void awaitRequest() throws InterruptedException {
    asked.await();
  }

  private void answer(String answer, boolean holds) {
    try (Socket client = listening.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
      asked.countDown();
      client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      client.getOutputStream().flush();
      if (holds) {
        over.await();
      }
    } catch (IOException | InterruptedException gone) {
      return; // whoever asked has left
    }
  }

  @Override
  public void close() throws IOException {
    over.countDown();
    listening.close();
  }
}
