package dev.paas.router.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.router.RouteTable;
import dev.paas.router.disk.KeptMessage;
import dev.paas.router.harness.ControlPeer;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route table whose last write was torn: F3 in docs/reliability.md. */
final class TornTableFaultIT {

  @TempDir Path folder;

  private static RouteTable table() {
    return RouteTable.newBuilder()
        .setGeneration(7)
        .addRoutes(TestRouter.app(List.of(TestRouter.backend("a", 5000))))
        .build();
  }

  private static KeptMessage<RouteTable> tableFile(Path path) {
    return new KeptMessage<>(path, "paas-route-table 1", RouteTable.parser(), TableRules::check);
  }

  @Test
  void aTableIsPutAsideWhereverItWasCutAndNothingOfItIsServed() throws IOException {
    Path path = folder.resolve("table");
    KeptMessage<RouteTable> file = tableFile(path);
    file.write(table());
    byte[] whole = Files.readAllBytes(path);
    for (int length = 0; length < whole.length; length++) {
      byte[] torn = Arrays.copyOf(whole, length);
      Files.write(path, torn);
      assertThat(file.read()).as("cut after %d bytes", length).isEmpty();
      assertThat(path).doesNotExist();
      assertThat(folder.resolve("table.damaged")).hasBinaryContent(torn);
    }
    file.write(table());
    assertThat(file.read()).contains(table());
  }

  @Test
  void aTableWithAHoleOfZeroesIsPutAside() throws IOException {
    Path path = folder.resolve("table");
    KeptMessage<RouteTable> file = tableFile(path);
    file.write(table());
    byte[] torn = Files.readAllBytes(path);
    Arrays.fill(torn, torn.length / 2, torn.length, (byte) 0);
    Files.write(path, torn);
    assertThat(file.read()).isEmpty();
    assertThat(folder.resolve("table.damaged")).hasBinaryContent(torn);
  }

  @Test
  void aTornTemporaryFileIsIgnoredAndTheLastGoodTableServed() throws IOException {
    try (Origin origin = Origin.named("last good")) {
      TestRouter router = TestRouter.start(folder);
      router.route(origin);
      router.close();
      Path stored = router.tableFile();
      byte[] half = Arrays.copyOf(Files.readAllBytes(stored), (int) Files.size(stored) / 2);
      Files.write(stored.resolveSibling("table.tmp"), half);
      try (TestRouter again = TestRouter.start(folder)) {
        assertThat(again.get("app.test")).endsWith("last good");
        again.route(origin);
        assertThat(again.get("app.test")).endsWith("last good");
      }
    }
  }

  @Test
  void aRouterThatFindsATornTableSaysThatItHasNoneAndTakesTheNext() throws IOException {
    try (Origin origin = Origin.named("served again")) {
      TestRouter router = TestRouter.start(folder);
      router.route(origin);
      router.close();
      Path stored = router.tableFile();
      Files.write(stored, Arrays.copyOf(Files.readAllBytes(stored), 80));
      try (TestRouter again = TestRouter.start(folder)) {
        assertThat(again.get("app.test")).contains("503 ", "router.no-table");
        try (ControlPeer peer = ControlPeer.connect(again.socket())) {
          assertThat(peer.next().getStatus().getGeneration())
              .as("what the control plane is told")
              .isZero();
        }
        again.route(origin);
        assertThat(again.get("app.test")).endsWith("served again");
      }
      try (TestRouter after = TestRouter.start(folder)) {
        assertThat(after.get("app.test")).as("after another restart").endsWith("served again");
      }
    }
  }
}
