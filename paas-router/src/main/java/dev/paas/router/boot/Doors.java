package dev.paas.router.boot;

import dev.paas.base.settings.ListenAddress;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.client.HttpServer;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where clients come in: by plain HTTP, and by TLS. */
record Doors(List<InetSocketAddress> http, List<InetSocketAddress> https) {

  static Doors of(PlatformSettings.Router settings) {
    return new Doors(
        settings.http().all().stream().map(ListenAddress::resolved).toList(),
        settings.https().all().stream().map(ListenAddress::resolved).toList());
  }

  /** Whether there is one for TLS. */
  boolean secure() {
    return !https.isEmpty();
  }

  /**
   * Listens at each, or takes the sockets that a supervisor holds.
   *
   * @return the addresses, those for HTTP first
   */
  List<InetSocketAddress> open(HttpServer server) {
    List<Integer> held = Activation.descriptors(System.getenv(), ProcessHandle.current().pid());
    if (held.isEmpty()) {
      return Stream.concat(
              http.stream().map(address -> server.listen(address, false)),
              https.stream().map(address -> server.listen(address, true)))
          .toList();
    }
    List<InetSocketAddress> found =
        held.stream().map(descriptor -> server.adopt(descriptor, https::contains)).toList();
    Activation.check(Stream.concat(http.stream(), https.stream()).toList(), found);
    return found;
  }

  static String text(List<InetSocketAddress> addresses) {
    return addresses.stream().map(NetUtil::toSocketAddressString).collect(Collectors.joining(", "));
  }
}
