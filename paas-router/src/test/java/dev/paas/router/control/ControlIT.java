package dev.paas.router.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.router.harness.ControlPeer;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane's view of the router, and a hostile peer's. */
final class ControlIT {

  @TempDir Path folder;
  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder);
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
  }

  @Test
  void aConnectionIsToldTheStatusAndATableIsAcknowledged() throws IOException {
    try (ControlPeer peer = ControlPeer.connect(router.socket())) {
      assertThat(peer.next().getStatus().getGeneration()).isZero();
      peer.send(RouteTable.newBuilder().setGeneration(7).build());
      FromRouter answer = peer.next();
      assertThat(answer.getStatus().getGeneration()).isEqualTo(7);
      assertThat(answer.getStatus().getVersion()).isNotEmpty();
    }
    try (ControlPeer later = ControlPeer.connect(router.socket())) {
      assertThat(later.next().getStatus().getGeneration()).isEqualTo(7);
    }
  }

  @Test
  void anOlderGenerationChangesNothing() throws IOException {
    try (Origin origin = Origin.named("x");
        ControlPeer peer = ControlPeer.connect(router.socket())) {
      peer.next();
      peer.send(
          RouteTable.newBuilder()
              .setGeneration(7)
              .addRoutes(TestRouter.app(List.of(TestRouter.backend("a", origin.port()))))
              .build());
      assertThat(peer.next().getStatus().getGeneration()).isEqualTo(7);
      peer.send(RouteTable.newBuilder().setGeneration(6).build());
      assertThat(peer.next().getStatus().getGeneration()).isEqualTo(7);
      peer.send(RouteTable.newBuilder().setGeneration(7).build());
      assertThat(peer.next().getStatus().getGeneration()).isEqualTo(7);
      assertThat(router.get("app.test")).endsWith("x");
    }
  }

  @Test
  void aTableThatNamesHostsAloneIsServedAndIsReadAgainAfterARestart() throws IOException {
    try (Origin origin = Origin.named("from an older one")) {
      Route old =
          Route.newBuilder()
              .setApp("app")
              .addHosts("old.test")
              .addBackends(TestRouter.backend("a", origin.port()))
              .build();
      router.publish(table -> table.addRoutes(old));
      assertThat(router.get("old.test")).endsWith("from an older one");
      router.close();
      router = TestRouter.start(folder);
      assertThat(router.get("old.test")).endsWith("from an older one");
      router.route(origin);
      assertThat(router.get("app.test")).endsWith("from an older one");
      assertThat(router.get("old.test")).contains("404 ", "router.unknown-host");
    }
  }

  @Test
  void anInvalidTableIsRefusedAndTheOneBeforeServes() throws IOException {
    try (Origin origin = Origin.named("before")) {
      router.route(origin);
      FromRouter answer =
          router.publish(
              table ->
                  table.addRoutes(
                      TestRouter.app(
                          List.of(
                              TestRouter.backend("a", 1).toBuilder()
                                  .setAddress("localhost")
                                  .build()))));
      assertThat(answer.getRefused().getCode()).isEqualTo("router.invalid-table");
      assertThat(answer.getRefused().getWhat()).contains("localhost");
      assertThat(router.get("app.test")).endsWith("before");
    }
  }

  @Test
  void aTableThatCannotBeKeptIsNotServed() throws IOException {
    Files.createDirectories(router.tableFile());
    FromRouter answer = router.route();
    assertThat(answer.getRefused().getCode()).isEqualTo("router.table-not-kept");
    assertThat(router.get("app.test")).contains("router.no-table");
  }

  @Test
  void aRestartServesTheStoredTableWithoutTheControlPlane() throws IOException {
    try (Origin origin = Origin.named("stored")) {
      router.route(origin);
      router.close();
      router = TestRouter.start(folder);
      assertThat(router.get("app.test")).endsWith("stored");
      try (ControlPeer peer = ControlPeer.connect(router.socket())) {
        assertThat(peer.next().getStatus().getGeneration()).isEqualTo(1);
      }
    }
  }

  @Test
  void aDamagedTableIsPutAside() throws IOException {
    router.route();
    router.close();
    Path file = router.tableFile();
    byte[] content = Files.readAllBytes(file);
    content[content.length - 1] ^= 1;
    Files.write(file, content);
    router = TestRouter.start(folder);
    assertThat(router.get("app.test")).contains("router.no-table");
    assertThat(file.resolveSibling("table.damaged")).exists();
    router.route();
    assertThat(router.get("app.test")).contains("router.no-instances");
  }

  @Test
  void theSocketIsForItsGroupAndReplacesAStaleOne() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(router.socket())))
        .isEqualTo("rw-rw----");
    router.close();
    assertThat(router.socket()).exists();
    router = TestRouter.start(folder);
    assertThat(router.route().hasStatus()).isTrue();
  }

  @Test
  void peersThatSendNonsenseAreClosedAndTheOthersServed() throws IOException {
    router.route();
    byte[] tooLong = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f};
    byte[] endless = {-1, -1, -1, -1, -1, -1, -1};
    byte[] noMessage = "\u0005hello".getBytes(StandardCharsets.US_ASCII);
    for (byte[] nonsense : List.of(tooLong, endless, noMessage)) {
      try (ControlPeer peer = ControlPeer.connect(router.socket())) {
        peer.sendRaw(nonsense);
        assertThat(peer.closedByRouter()).isTrue();
      }
    }
    assertThat(router.route().hasStatus()).isTrue();
  }

  @Test
  void halfAMessageHoldsNobodyUp() throws IOException {
    try (ControlPeer half = ControlPeer.connect(router.socket())) {
      half.sendRaw(new byte[] {100, 1});
      assertThat(router.route().hasStatus()).isTrue();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreClosed() throws IOException {
    ControlPeer[] peers = new ControlPeer[8];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = ControlPeer.connect(router.socket());
      peers[i].next();
    }
    try (ControlPeer ninth = ControlPeer.connect(router.socket())) {
      assertThat(ninth.closedByRouter()).isTrue();
    }
    for (ControlPeer peer : peers) {
      peer.close();
    }
    await().ignoreExceptions().until(() -> router.route().hasStatus());
  }

  @Test
  void anotherUserIsTurnedAway() throws IOException, InterruptedException {
    // The folders of tests are closed to others; this test asks as another user.
    for (Path path = router.socket().getParent(); path != null && Files.isDirectory(path); ) {
      if (path.startsWith(folder)) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      path = path.getParent();
    }
    Files.setPosixFilePermissions(router.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
    Process other =
        new ProcessBuilder(
                "setpriv",
                "--reuid=65533",
                "--clear-groups",
                "perl",
                "-MSocket",
                "-e",
                "socket(S,AF_UNIX,SOCK_STREAM,0); connect(S,sockaddr_un($ARGV[0])) or exit 3;"
                    + " exit(sysread(S,$b,1) == 0 ? 0 : 4)",
                router.socket().toString())
            .start();
    assertThat(other.waitFor()).as("connected and closed without a byte").isZero();
  }
}
