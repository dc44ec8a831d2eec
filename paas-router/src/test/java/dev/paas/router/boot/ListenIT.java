package dev.paas.router.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router that listens at several addresses. */
final class ListenIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n";

  @TempDir Path folder;

  private static String get(InetSocketAddress address) throws IOException {
    try (Wire client = Wire.to(address)) {
      return client.send(GET).rest();
    }
  }

  @Test
  void eachAddressIsServedFromTheSameTableUntilTheRouterStops() throws IOException {
    List<InetSocketAddress> addresses;
    try (Origin origin = Origin.named("everywhere");
        TestRouter router =
            TestRouter.start(
                folder,
                TestRouter.limits("http = [\"127.0.0.1:0\", \"127.0.0.1:0\", \"127.0.0.2:0\"]"))) {
      router.route(origin);
      addresses = router.addresses();
      assertThat(addresses).hasSize(3).doesNotHaveDuplicates();
      for (InetSocketAddress address : addresses) {
        assertThat(get(address)).endsWith("everywhere");
      }
    }
    assertThat(addresses)
        .allSatisfy(
            address -> assertThatThrownBy(() -> get(address)).isInstanceOf(ConnectException.class));
  }

  @Test
  void anAddressThatIsTakenIsNamedAndTheOthersAreLetGo() throws IOException {
    int free;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = probe.getLocalPort();
    }
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String second = "127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(
              () ->
                  TestRouter.start(
                      folder,
                      TestRouter.limits("http = [\"127.0.0.1:" + free + "\", \"" + second + "\"]")))
          .isInstanceOfSatisfying(
              PaasException.class,
              refused -> {
                assertThat(refused.problem().code()).isEqualTo("router.cannot-listen");
                assertThat(refused.problem().value()).isEqualTo(second);
              });
    }
    try (ServerSocket again = new ServerSocket(free, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.getLocalPort()).isEqualTo(free);
    }
  }
}
