package dev.paas.cli.run;

import dev.paas.cli.command.Session;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.http.WebSocketConnection;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries one connection to a port of an instance: a port of docs/api.md's Terminals. Each side may
 * end what it sends before the other does.
 */
final class Forwarding {

  private static final byte IN = 0;
  private static final byte OUT = 1;
  private static final byte STATUS = 3;
  private static final byte END_OF_INPUT = 6;

  /** Read of the connection at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private final Session session;
  private final String path;
  private final String instance;
  private final int port;

  /** Whoever is connected here has cut the connection. */
  private volatile boolean localGone;

  Forwarding(Session session, String path, String instance, int port) {
    this.session = session;
    this.path = path;
    this.instance = instance;
    this.port = port;
  }

  /**
   * Returns when both directions have ended, or nobody here has the connection any more.
   *
   * @throws ApiProblem when the platform does not connect
   * @throws IOException when the connection to the platform breaks
   */
  void carry(Socket local) throws ApiProblem, IOException {
    try (WebSocketConnection socket = session.api().webSocket(path)) {
      socket.text(Json.write(Map.of("process", instance, "port", port)));
      Thread sending = new Thread(() -> send(local, socket), "paas-forward-input");
      sending.setDaemon(true);
      sending.start();
      receive(local, socket);
    }
  }

  private void receive(Socket local, WebSocketConnection socket) throws ApiProblem, IOException {
    while (true) {
      byte[] message = next(socket);
      if (message == null) {
        return;
      }
      byte channel = message.length == 0 ? -1 : message[0];
      if (channel == OUT) {
        if (!isWritten(message, local)) {
          return;
        }
      } else if (channel == STATUS && isOver(message, local)) {
        return;
      }
    }
  }

  /** Null when whoever is connected here has gone, and this end was closed because of that. */
  private byte @Nullable [] next(WebSocketConnection socket) throws IOException {
    byte[] message;
    try {
      message = socket.next();
    } catch (IOException broken) {
      if (localGone) {
        return null;
      }
      throw broken;
    }
    if (message == null && !localGone) {
      throw new IOException("the platform has closed it");
    }
    return message;
  }

  private static boolean isWritten(byte[] message, Socket local) {
    try {
      local.getOutputStream().write(message, 1, message.length - 1);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean isOver(byte[] message, Socket local) throws ApiProblem, IOException {
    Json status = Json.parse(new String(message, 1, message.length - 1, StandardCharsets.UTF_8));
    if (!status.get("problem").isNull()) {
      throw ApiProblem.told(status.get("problem"));
    }
    return !status.get("exit").isNull() || (status.flag("outputEnd") && !isEnded(local));
  }

  /** Whether whoever is connected here has been told that no more comes; not when they are gone. */
  private static boolean isEnded(Socket local) {
    try {
      local.shutdownOutput();
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private void send(Socket local, WebSocketConnection socket) {
    byte[] message = new byte[CHUNK + 1];
    message[0] = IN;
    try {
      InputStream in = local.getInputStream();
      for (int n = in.read(message, 1, CHUNK); n >= 0; n = in.read(message, 1, CHUNK)) {
        socket.binary(message, n + 1);
      }
      socket.binary(new byte[] {END_OF_INPUT}, 1);
    } catch (IOException cut) {
      localGone = true;
      close(socket);
    }
  }

  /** What is left of the connection has nobody to go to. */
  private static void close(WebSocketConnection socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      return;
    }
  }
}
