package dev.paas.runtime.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets whose address is checked at the moment they are connected. They are given out plain: the
 * JDK's client connects them and then wraps them ({@code HttpsClient} makes TLS of every socket
 * that has none). What is read from them ends when the reader is interrupted, heads of answers
 * included.
 */
final class CheckedSockets extends SSLSocketFactory {

  private final SSLSocketFactory secured;
  private final Consumer<InetAddress> rule;
  private final List<Socket> made = new CopyOnWriteArrayList<>();

  /**
   * @param rule throws for an address that may not be connected to
   */
  CheckedSockets(SSLSocketFactory secured, Consumer<InetAddress> rule) {
    this.secured = secured;
    this.rule = rule;
  }

  /** Closes what was given out below TLS, whose own end would wait for a write that hangs. */
  void cut() {
    try {
      for (Socket socket : made) {
        socket.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public Socket createSocket() {
    Socket socket =
        new Socket() {
          @Override
          public void connect(SocketAddress endpoint, int timeout) throws IOException {
            if (endpoint instanceof InetSocketAddress internet && !internet.isUnresolved()) {
              rule.accept(internet.getAddress());
            }
            super.connect(endpoint, timeout);
          }

          @Override
          public InputStream getInputStream() throws IOException {
            return new InterruptibleInput(super.getInputStream());
          }
        };
    made.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    return secured.createSocket(connected, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw notConnected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw notConnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw notConnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw notConnected();
  }

  private static RuntimeException notConnected() {
    return new UnsupportedOperationException("sockets are connected by who asks for them");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return secured.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return secured.getSupportedCipherSuites();
  }
}
