package dev.paas.router.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.router.RouteTable;
import dev.paas.router.harness.ControlPeer;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The router as a process of its own. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class MainIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n";

  @TempDir Path folder;
  private int port;
  private @Nullable Process router;

  @BeforeEach
  void configure() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    listenAt("\"127.0.0.1:" + port + "\"");
  }

  private void listenAt(String addresses) throws IOException {
    Files.writeString(
        folder.resolve("paas.toml"),
        """
        [platform]
        data = "%1$s/data"
        run = "%1$s/run"
        control-user = "0"
        [router]
        http = %2$s
        """
            .formatted(folder, addresses));
  }

  @AfterEach
  void kill() {
    if (router != null) {
      router.destroyForcibly().onExit().join();
    }
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx96m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.paas.router.boot.Main");
  }

  private Process start(String before) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", before + "exec \"$@\"", "bash");
    builder.command().addAll(java());
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    builder.redirectError(folder.resolve("events").toFile());
    builder.redirectOutput(folder.resolve("out").toFile());
    Process started = builder.start();
    router = started;
    return started;
  }

  private void awaitServing() {
    awaitServing(port);
  }

  private static void awaitServing(int port) {
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(
            () -> {
              try (Wire client = connect(port)) {
                return !client.send(GET).head().isEmpty();
              }
            });
  }

  private Wire connect() throws IOException {
    return connect(port);
  }

  private static Wire connect(int port) throws IOException {
    return Wire.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static String answer(int port) throws IOException {
    try (Wire client = connect(port)) {
      return client.send(GET).message();
    }
  }

  private void publish(Origin origin) throws IOException {
    Path socket = folder.resolve("run/router/control.sock");
    await().until(() -> Files.exists(socket));
    try (ControlPeer control = ControlPeer.connect(socket)) {
      control.next();
      control.send(
          RouteTable.newBuilder()
              .setGeneration(3)
              .addRoutes(TestRouter.app(List.of(TestRouter.backend("a", origin.port()))))
              .build());
      assertThat(control.next().getStatus().getGeneration()).isEqualTo(3);
    }
  }

  @Test
  void aKilledRouterServesItsTableAgainAndSigtermExitsWithZero() throws Exception {
    try (Origin origin = Origin.named("still here")) {
      Process first = start("");
      awaitServing();
      publish(origin);
      first.destroyForcibly().waitFor();
      Process second = start("");
      awaitServing();
      try (Wire client = connect()) {
        assertThat(client.send(GET).message()).endsWith("still here");
        second.destroy();
        assertThat(client.rest()).as("an idle connection is closed").isEmpty();
      }
      assertThat(second.waitFor()).isZero();
      assertThat(Files.readString(accessLog())).contains("\"instance\":\"a\"");
      assertThat(folder.resolve("out")).isEmptyFile();
    }
  }

  @Test
  void anAddressThatIsAddedIsServedBesideTheOneThatWasThere() throws Exception {
    int second;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      second = free.getLocalPort();
    }
    try (Origin origin = Origin.named("at both")) {
      Process first = start("");
      awaitServing();
      publish(origin);
      first.destroy();
      assertThat(first.waitFor()).isZero();
      listenAt("[\"127.0.0.1:" + port + "\", \"127.0.0.1:" + second + "\"]");
      for (int restart = 0; restart < 2; restart++) {
        Process both = start("");
        awaitServing(second);
        assertThat(answer(port)).endsWith("at both");
        assertThat(answer(second)).endsWith("at both");
        both.destroyForcibly().waitFor();
      }
    }
  }

  /**
   * Holds two listening sockets for routers that come and go, as systemd does: names their ports,
   * then starts a router for each {@code start} that it reads and ends it for each {@code kill}.
   */
  private static final String HOLDER =
      """
      use Socket; use Fcntl;
      $| = 1; $^F = 9;
      my (@held, $router);
      for my $descriptor (3, 4) {
        socket(my $socket, PF_INET, SOCK_STREAM, 0) or die;
        fileno($socket) == $descriptor or die "not the next descriptor";
        bind($socket, sockaddr_in(0, INADDR_LOOPBACK)) && listen($socket, 64) or die;
        fcntl($socket, F_SETFL, O_NONBLOCK) or die;
        print((sockaddr_in(getsockname $socket))[0], "\n");
        push @held, $socket;
      }
      while (my $order = <STDIN>) {
        if ($order eq "kill\n") { kill KILL => $router; waitpid $router, 0; print "gone\n"; next }
        next if $router = fork;
        @ENV{"LISTEN_PID", "LISTEN_FDS"} = ($$, 2);
        exec @ARGV;
      }
      kill KILL => $router;
      """;

  @Test
  void aConnectionThatWaitsInOneOfTwoHeldSocketsIsServedByTheNextRouter() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("perl", "-e", HOLDER);
    builder.command().addAll(java());
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    Process holder = builder.redirectError(folder.resolve("events").toFile()).start();
    try (Origin origin = Origin.named("held");
        BufferedReader said = holder.inputReader();
        BufferedWriter orders = holder.outputWriter()) {
      int first = Integer.parseInt(said.readLine());
      int second = Integer.parseInt(said.readLine());
      listenAt("[\"127.0.0.1:" + second + "\", \"127.0.0.1:" + first + "\"]");
      order(orders, "start");
      awaitServing(first);
      publish(origin);
      assertThat(answer(first)).endsWith("held");
      assertThat(answer(second)).endsWith("held");
      order(orders, "kill");
      assertThat(said.readLine()).isEqualTo("gone");
      try (Wire early = connect(first);
          Wire other = connect(second)) {
        early.send(GET);
        other.send(GET);
        order(orders, "start");
        assertThat(early.message()).endsWith("held");
        assertThat(other.message()).endsWith("held");
      }
      order(orders, "kill");
      assertThat(said.readLine()).isEqualTo("gone");
    } finally {
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly().waitFor();
    }
  }

  private static void order(BufferedWriter orders, String order) throws IOException {
    orders.write(order + "\n");
    orders.flush();
  }

  private Path accessLog() {
    return folder.resolve("data/router/access.log");
  }

  private List<String> warnings(String of) throws IOException {
    return Files.readAllLines(folder.resolve("events")).stream()
        .filter(line -> line.contains(of))
        .toList();
  }

  /** F63 in docs/reliability.md. */
  @Test
  void anAccessLogThatCannotBeWrittenIsSaidOnceAndServingGoesOn() throws Exception {
    Files.createDirectories(accessLog());
    Process started = start("");
    awaitServing();
    await().until(() -> warnings("the access log can't be written").size() == 1);
    for (int i = 0; i < 20; i++) {
      try (Wire client = connect()) {
        assertThat(client.send(GET).head()).contains("503");
      }
    }
    Files.delete(accessLog());
    await()
        .until(
            () -> {
              try (Wire client = connect()) {
                client.send(GET).head();
              }
              return Files.isRegularFile(accessLog());
            });
    started.destroy();
    assertThat(started.waitFor()).isZero();
    List<String> lines = Files.readAllLines(accessLog());
    assertThat(lines.get(0)).matches("\\{\"dropped_entries\":\\d+}");
    assertThat(lines.get(1)).contains("\"status\":503");
    assertThat(warnings("the access log can't be written")).hasSize(1);
    assertThat(warnings("the access log is written again")).hasSize(1);
  }

  @Test
  void aShortageOfFileDescriptorsShedsAndRecovers() throws Exception {
    try (Origin origin = Origin.named("x")) {
      start("ulimit -n 256; ");
      awaitServing();
      publish(origin);
      List<Wire> clients = new ArrayList<>();
      int shed = 0;
      for (int i = 0; i < 300; i++) {
        Wire client = connect();
        clients.add(client);
        if (i > 150) {
          shed += client.head().contains("router.overloaded") ? 1 : 0;
        }
      }
      assertThat(shed).isEqualTo(149);
      for (Wire client : clients) {
        client.close();
      }
      await()
          .untilAsserted(
              () -> {
                try (Wire client = connect()) {
                  assertThat(client.send(GET).message()).endsWith("x");
                }
              });
    }
  }

  @Test
  void aPortThatIsTakenIsAProblemWithAFix() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThat(start("").waitFor()).isEqualTo(1);
      assertThat(Files.readString(folder.resolve("events")))
          .contains("router.cannot-listen", "Free the port");
    }
  }

  @Test
  void aWrongSettingIsAProblemWithAFix() throws Exception {
    Files.writeString(folder.resolve("paas.toml"), "[router]\nhtpp = \"x\"\n");
    assertThat(start("").waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("events"))).contains("http");
  }
}
