package dev.paas.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AppRouteTest {

  private static final AppName SHOP = new AppName("shop");
  private static final Backend ONE = new Backend("shop.web.v1.1.g0", "web.1", "10.0.0.2", 5000);
  private static final Backend TWO = new Backend("shop.web.v1.2.g0", "web.2", "10.0.0.1", 5000);

  @Test
  void theOrderInWhichAPartIsToldDoesNotMakeATableNew() {
    AppRoute route = AppRoute.plain(SHOP, List.of("b.org", "a.org", "b.org"), List.of(TWO, ONE));

    assertThat(route).isEqualTo(AppRoute.plain(SHOP, List.of("a.org", "b.org"), List.of(ONE, TWO)));
    assertThat(route.sites().keySet()).containsExactly("a.org", "b.org");
    assertThat(route.backends()).containsExactly(ONE, TWO);
  }
}
