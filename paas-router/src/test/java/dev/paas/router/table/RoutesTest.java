package dev.paas.router.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.contract.router.Backend;
import dev.paas.contract.router.RouteTable;
import dev.paas.router.balance.Upstream;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RoutesTest {

  private static Backend backend(String instance, int port) {
    return Backend.newBuilder()
        .setInstance(instance)
        .setAddress("10.0.0.1")
        .setPort(port)
        .setLabel("web.1")
        .build();
  }

  private static dev.paas.contract.router.Route.Builder route(String app, String... hosts) {
    return dev.paas.contract.router.Route.newBuilder().setApp(app).addAllHosts(List.of(hosts));
  }

  private static RouteTable table(dev.paas.contract.router.Route.Builder... routes) {
    RouteTable.Builder table = RouteTable.newBuilder().setGeneration(1);
    for (var route : routes) {
      table.addRoutes(route);
    }
    return table.build();
  }

  private static String app(Routes routes, String host) {
    return routes.find(host).map(site -> site.route().app()).orElse("");
  }

  @Test
  void theExactNameWinsOverTheWildcardWhichStandsForOneLabel() {
    Routes routes =
        Routes.of(table(route("any", "*.test"), route("one", "one.test", "a.b.test")), Routes.NONE);
    assertThat(app(routes, "one.test")).isEqualTo("one");
    assertThat(app(routes, "two.test")).isEqualTo("any");
    assertThat(app(routes, "a.b.test")).isEqualTo("one");
    assertThat(app(routes, "x.b.test")).isEmpty();
    assertThat(app(routes, "test")).isEmpty();
  }

  @Test
  void anInstanceThatStaysIsTheSameObjectAndOneThatMovedIsNot() {
    Routes before =
        Routes.of(
            table(route("a", "a.test").addBackends(backend("i", 1)).addBackends(backend("j", 1))),
            Routes.NONE);
    Routes after =
        Routes.of(
            table(route("a", "a.test").addBackends(backend("i", 1)).addBackends(backend("j", 2))),
            before);
    List<Upstream> old = before.find("a.test").orElseThrow().route().upstreams();
    List<Upstream> now = after.find("a.test").orElseThrow().route().upstreams();
    assertThat(now.get(0)).isSameAs(old.get(0));
    assertThat(now.get(1)).isNotSameAs(old.get(1));
    assertThat(after.has(old.get(0))).isTrue();
    assertThat(after.has(old.get(1))).isFalse();
  }

  @Test
  void anInstanceThatAnUpgradeRenamesIsTheSameObject() {
    Routes before =
        Routes.of(
            table(route("a", "a.test").addBackends(backend("a.v3.web.1.g0", 1))), Routes.NONE);
    Upstream upstream = before.find("a.test").orElseThrow().route().upstreams().get(0);
    Upstream.Lease request = upstream.enter(() -> {});
    Routes after =
        Routes.of(table(route("a", "a.test").addBackends(backend("a.web.v3.1.g0", 1))), before);
    assertThat(after.find("a.test").orElseThrow().route().upstreams()).containsExactly(upstream);
    assertThat(after.has(upstream)).isTrue();
    assertThat(upstream.id()).isEqualTo("a.web.v3.1.g0");
    assertThat(upstream.inFlight()).isEqualTo(1);
    assertThat(request).isNotNull();
    Routes another =
        Routes.of(table(route("a", "a.test").addBackends(backend("a.web.v3.1.g1", 1))), after);
    assertThat(another.has(upstream)).as("another generation is another instance").isFalse();
  }

  private static dev.paas.contract.router.Route.Builder sites(String app, String... hosts) {
    var route = dev.paas.contract.router.Route.newBuilder().setApp(app);
    for (String host : hosts) {
      route.addSites(dev.paas.contract.router.Site.newBuilder().setHost(host));
    }
    return route;
  }

  @Test
  void aHostAndAnyBelowItAreSitesOfTheirApp() {
    Routes routes = Routes.of(table(sites("a", "a.test", "*.a.test")), Routes.NONE);
    Route route = routes.find("a.test").orElseThrow().route();
    assertThat(route.app()).isEqualTo("a");
    assertThat(routes.find("x.a.test").orElseThrow().route()).isSameAs(route);
  }

  @Test
  void hostsThatStandBesideSitesAreTheOnesOfARouterBefore() {
    Routes routes =
        Routes.of(table(sites("a", "a.test").addHosts("a.test").addHosts("b.test")), Routes.NONE);
    assertThat(app(routes, "a.test")).isEqualTo("a");
    assertThat(app(routes, "b.test")).isEmpty();
  }

  static Stream<RouteTable> invalid() {
    return Stream.of(
        RouteTable.newBuilder().build(),
        table(route("", "a.test")),
        table(route("a", "A.test")),
        table(route("a", "a.test:80")),
        table(route("a", "*")),
        table(route("a", "a.test"), route("b", "a.test")),
        table(sites("a", "A.test")),
        table(sites("a", "a.test"), route("b", "a.test")),
        table(sites("a", "a.test"), sites("b", "a.test")),
        table(route("a", "a.test").addBackends(backend("", 1))),
        table(route("a", "a.test").addBackends(backend("i", 0))),
        table(route("a", "a.test").addBackends(backend("i", 65_536))),
        table(route("a").addBackends(backend("i", 1)).addBackends(backend("i", 2))),
        table(route("a").addBackends(backend("i", 1)), route("b").addBackends(backend("i", 1))),
        withAddress("localhost"),
        withAddress("10.0.0"),
        withAddress("10.0.0.256"),
        withAddress("010.0.0.1"),
        withAddress("::1"),
        withAddress(""));
  }

  private static RouteTable withAddress(String address) {
    UnaryOperator<Backend.Builder> set = builder -> builder.setAddress(address);
    return table(route("a").addBackends(set.apply(backend("i", 1).toBuilder())));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("invalid")
  void aTableThatCannotBeServedIsRefused(RouteTable table) {
    assertThatThrownBy(() -> TableRules.check(table))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> assertThat(refused.problem().code()).isEqualTo("router.invalid-table"));
  }

  @Test
  void theSameInstanceMayStandInTwoRoutesOfItsApp() {
    TableRules.check(
        table(
            route("a", "a.test").addBackends(backend("i", 1)),
            route("a", "b.test").addBackends(backend("i", 1))));
  }
}
