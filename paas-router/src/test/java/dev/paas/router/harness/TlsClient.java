package dev.paas.router.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Clients of TLS that believe everything, as tests look at what they were shown. */
public final class TlsClient {

  private final SSLContext context;

  /** A client that remembers its sessions. */
  public TlsClient() {
    try {
      context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Credulous()}, null);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A connection whose handshake is done. */
  public static Wire connect(InetSocketAddress address, String name) throws IOException {
    return new Wire(new TlsClient().open(address, name));
  }

  /** The same, as a socket. */
  public SSLSocket open(InetSocketAddress address, String name) throws IOException {
    return open(address, name, "TLSv1.3", "TLSv1.2");
  }

  /** The same, over a socket whose kernel takes little of what the other end sends. */
  public SSLSocket openWithSmallBuffer(InetSocketAddress address, String name) throws IOException {
    return handshake(Wire.withSmallBuffer(address).socket(), address, name, "TLSv1.3");
  }

  public SSLSocket open(InetSocketAddress address, String name, String... protocols)
      throws IOException {
    return handshake(Wire.to(address).socket(), address, name, protocols);
  }

  private SSLSocket handshake(
      Socket plain, InetSocketAddress address, String name, String... protocols)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    plain, address.getAddress().getHostAddress(), address.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(protocols);
    if (!name.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** The certificate that a client is shown who asks for this name. */
  public static X509Certificate shown(InetSocketAddress address, String name) throws IOException {
    try (SSLSocket socket = new TlsClient().open(address, name)) {
      return leaf(socket.getSession());
    }
  }

  public static X509Certificate leaf(SSLSession session) throws IOException {
    Certificate[] chain = session.getPeerCertificates();
    return (X509Certificate) chain[0];
  }

  private static final class Credulous extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
