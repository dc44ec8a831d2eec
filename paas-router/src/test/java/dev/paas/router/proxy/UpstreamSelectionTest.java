package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.router.balance.TwoChoices;
import dev.paas.router.balance.Upstream;
import dev.paas.router.budget.Budget;
import dev.paas.router.budget.Capacity;
import dev.paas.router.budget.Networks;
import dev.paas.router.http1.Limits;
import dev.paas.router.log.AccessLog;
import dev.paas.router.table.LiveTable;
import dev.paas.router.table.Routes;
import io.netty.channel.ConnectTimeoutException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UpstreamSelectionTest {

  private final PlatformSettings.Router settings = PlatformSettings.parse("test", "").router();
  private final LiveTable table = new LiveTable();
  private final ProxyContext context =
      new ProxyContext(
          settings,
          Limits.ofHead(settings.maxHeaders().bytes()),
          table,
          new TwoChoices(),
          new Budget(new Capacity(100, 1 << 20)),
          Networks.parse("router.trusted-proxies", List.of()),
          new AccessLog(OutputStream.nullOutputStream()),
          Clock.systemUTC(),
          Ticker.system());

  private void serve(long generation, String... instances) {
    Route.Builder route = Route.newBuilder().setApp("shop").addHosts("shop.test");
    for (String instance : instances) {
      route.addBackends(
          Backend.newBuilder().setInstance(instance).setAddress("10.0.0.1").setPort(1));
    }
    RouteTable described =
        RouteTable.newBuilder().setGeneration(generation).addRoutes(route).build();
    table.replace(Routes.of(described, table.routes()));
  }

  private UpstreamSelection selection(String host) {
    return new UpstreamSelection(context, host, () -> {});
  }

  private static Upstream chosen(UpstreamSelection selection) {
    return ((Decision.Forward) selection.decide()).upstream();
  }

  @Test
  void theRouterAnswersWhatNoAppServes() {
    assertThat(selection("shop.test").decide())
        .isEqualTo(new Decision.Answer(Failure.NO_TABLE, ""));
    serve(1);
    assertThat(selection("other.test").decide())
        .isEqualTo(new Decision.Answer(Failure.UNKNOWN_HOST, ""));
    assertThat(selection("shop.test").decide())
        .isEqualTo(new Decision.Answer(Failure.NO_INSTANCES, ""));
  }

  @Test
  void anInstanceIsCountedInUntilTheRequestLeaves() {
    serve(1, "one");
    UpstreamSelection selection = selection("shop.test");
    Upstream upstream = chosen(selection);
    assertThat(selection.app()).containsExactly(upstream);
    assertThat(upstream.inFlight()).isEqualTo(1);
    selection.leave();
    assertThat(upstream.inFlight()).isZero();
  }

  @Test
  void anotherInstanceIsTriedWhereOneCannotBeConnectedTo() {
    serve(1, "one", "two", "three", "four");
    UpstreamSelection selection = selection("shop.test");
    List<Upstream> tried = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tried.add(chosen(selection));
      selection.unreachable(new ConnectException());
    }
    assertThat(tried).doesNotHaveDuplicates().allMatch(upstream -> upstream.inFlight() == 0);
    assertThat(selection.decide())
        .as("three are enough")
        .isEqualTo(new Decision.Answer(Failure.CONNECT_FAILED, "ConnectException"));
    assertThat(selection.count()).isEqualTo(3);
  }

  @Test
  void theAnswerSaysWhatCameOfTheLastInstance() {
    serve(1, "one");
    UpstreamSelection selection = selection("shop.test");
    chosen(selection);
    selection.unreachable(new ConnectTimeoutException());
    assertThat(selection.decide())
        .isEqualTo(new Decision.Answer(Failure.CONNECT_TIMEOUT, "ConnectTimeoutException"));
    table.replace(Routes.NONE);
    assertThat(selection.decide()).isEqualTo(new Decision.Answer(Failure.NO_TABLE, ""));
  }
}
