package dev.paas.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoutesTest {

  @Test
  void hostsAreNamedBesideTheirSitesForARouterFromBeforeThereWereSites() {
    AppRoute shop =
        AppRoute.plain(
            new AppName("shop"),
            List.of("shop.test", "a.test"),
            List.of(new Backend("shop.web.v3.1.g0", "web.1", "10.0.0.1", 5000)));

    Route route = Routes.table(7, List.of(shop), 443).getRoutes(0);

    assertThat(route.getSitesList())
        .extracting(Site::getHost)
        .containsExactly("a.test", "shop.test");
    assertThat(route.getHostsList()).containsExactly("a.test", "shop.test");
  }
}
