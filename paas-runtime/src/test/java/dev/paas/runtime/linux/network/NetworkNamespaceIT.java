package dev.paas.runtime.linux.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections in a namespace; this process's own is one. */
final class NetworkNamespaceIT {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final List<Socket> filling = new ArrayList<>();
  private ServerSocket server;
  private NetworkNamespace own;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    own = NetworkNamespace.of((int) ProcessHandle.current().pid());
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : filling) {
      socket.close();
    }
    server.close();
    own.close();
  }

  /** Until the kernel takes no more connections for the server, who accepts none. */
  private void fill() throws IOException {
    try {
      while (true) {
        Socket socket = new Socket();
        filling.add(socket);
        socket.connect(server.getLocalSocketAddress(), (int) SHORT.toMillis());
      }
    } catch (SocketTimeoutException full) {
      assertThat(filling).hasSizeGreaterThan(1);
    }
  }

  @Test
  void whoListensIsReachedAndNobodyElse() throws Exception {
    try (SocketChannel connection = own.connect(server.getLocalPort(), LONG);
        Socket accepted = server.accept()) {
      accepted.getOutputStream().write(7);
      assertThat(connection.socket().getInputStream().read()).isEqualTo(7);
    }
    server.close();
    assertThatThrownBy(() -> own.connect(server.getLocalPort(), LONG))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aServerThatTakesNobodyIsNotWaitedForForEver() throws Exception {
    fill();
    assertThatThrownBy(() -> own.connect(server.getLocalPort(), SHORT))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void whoeverIsInterruptedLeavesNothingThatStillConnects() throws Exception {
    fill();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> own.connect(server.getLocalPort(), LONG))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    // The thread has told what came of it a moment before it ends.
    await()
        .atMost(LONG.dividedBy(2))
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("netns")));
  }
}
