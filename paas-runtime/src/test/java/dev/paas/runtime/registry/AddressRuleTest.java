package dev.paas.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRuleTest {

  private static final URI SOMEWHERE = URI.create("https://registry.example.org/v2/");

  private static AddressRule rule(URI registry, RegistryReach reach) {
    return new AddressRule(
        registry.getHost(), reach, new RegistryProblems(ImageName.parse("registry.example.org/x")));
  }

  private static URI at(String host) {
    return URI.create("https://" + host + "/v2/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "0.0.0.0",
        "0.1.2.3",
        "[::1]",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "224.0.0.1"
      })
  void noUserReachesTheHostsNetwork(String host) {
    assertThatThrownBy(() -> rule(at(host), RegistryReach.PUBLIC).check(at(host)))
        .hasMessageContaining("image.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "0.0.0.0", "127.9.9.9"})
  void noAdminReachesWhereNoRegistryIs(String host) {
    RegistryReach admin = RegistryReach.PUBLIC.ofAdmin();
    assertThatThrownBy(() -> rule(at(host), admin).check(at(host)))
        .hasMessageContaining("image.registry-failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "192.168.1.1", "8.8.8.8", "127.0.0.1"})
  void anAdminReachesTheRegistryThatTheyName(String host) {
    RegistryReach admin = RegistryReach.PUBLIC.ofAdmin();
    assertThatCode(() -> rule(at(host), admin).check(at(host))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254"})
  void noRegistrySendsAnybodyToAPrivateAddress(String host) {
    RegistryReach admin = RegistryReach.PUBLIC.ofAdmin();
    assertThatThrownBy(() -> rule(SOMEWHERE, admin).check(at(host))).hasMessageContaining("image.");
  }

  @Test
  void aHostOfTheSettingsIsReachedByEverybody() {
    RegistryReach reach = new RegistryReach(false, List.of("10.0.0.1", "10.0.0.2:5000"));
    assertThatCode(() -> rule(SOMEWHERE, reach).check(at("10.0.0.1"))).doesNotThrowAnyException();
    assertThatCode(() -> rule(SOMEWHERE, reach).check(at("10.0.0.2:5000")))
        .doesNotThrowAnyException();
    for (String other : new String[] {"10.0.0.2", "10.0.0.2:5001", "10.0.0.3"}) {
      assertThatThrownBy(() -> rule(SOMEWHERE, reach).check(at(other)))
          .hasMessageContaining("image.private-registry");
    }
  }

  /** A name that led elsewhere when it was checked. */
  @Test
  void theRuleIsAppliedToTheAddressThatIsConnectedTo() throws IOException {
    SSLSocketFactory secured = (SSLSocketFactory) SSLSocketFactory.getDefault();
    RegistryReach all = new RegistryReach(false, List.of("registry.example.org"));
    try (ServerSocket inside = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(inside.getInetAddress(), inside.getLocalPort());
      AddressRule strict = rule(SOMEWHERE, RegistryReach.PUBLIC);
      try (Socket socket = strict.sockets(SOMEWHERE, secured).createSocket()) {
        assertThatThrownBy(() -> socket.connect(address, 1000))
            .hasMessageContaining("image.registry-failed");
      }
      CheckedSockets sockets = rule(SOMEWHERE, all).sockets(SOMEWHERE, secured);
      try (Socket socket = sockets.createSocket()) {
        assertThatCode(() -> socket.connect(address, 1000)).doesNotThrowAnyException();
        sockets.cut();
        assertThat(socket.isClosed()).isTrue();
      }
    }
  }
}
