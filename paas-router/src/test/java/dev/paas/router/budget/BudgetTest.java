package dev.paas.router.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.router.balance.Upstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BudgetTest {

  private static final int CONNECTIONS = 80;
  private static final long BYTES = 8_000;

  private final Budget budget = new Budget(new Capacity(CONNECTIONS, BYTES));

  private static Upstream upstream(String app) {
    return new Upstream(app, app + ".1", "web.1", new InetSocketAddress(1));
  }

  @Test
  void oneHolderMayHaveHalfOfWhatNobodyElseUsesAndNoMore() {
    List<Share> admitted = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Share share = budget.enter("one", false);
      if (budget.overShare(share)) {
        budget.leave(share);
      } else {
        admitted.add(share);
      }
    }
    assertThat(admitted).hasSize(CONNECTIONS / 2);
    assertThat(budget.overShare(budget.enter("other", false))).isFalse();
    assertThat(budget.overShare(budget.enter("proxy", true))).isFalse();
  }

  @Test
  void whateverManyHoldersDoEachNewcomerFindsRoom() {
    Random random = new Random(11);
    Map<Share, Integer> held = new HashMap<>();
    Upstream app = upstream("app");
    for (int i = 0; i < 100_000; i++) {
      Share share = budget.enter(random.nextInt(6), false);
      int more = random.nextInt(3000);
      if (budget.allows(more, share, List.of(app))) {
        budget.hold(more, share);
        app.hold(more);
        held.merge(share, more, Integer::sum);
      }
      assertThat(budget.bytes()).isLessThanOrEqualTo(BYTES);
      assertThat(budget.bytes())
          .as("half for whoever came first, then a quarter of each")
          .isEqualTo(held.values().stream().mapToLong(Integer::longValue).sum());
      if (random.nextInt(4) == 0) {
        held.forEach(
            (one, bytes) -> {
              budget.hold(-bytes, one);
              app.hold(-bytes);
            });
        held.clear();
      }
      budget.leave(share);
    }
    held.forEach((one, bytes) -> budget.hold(-bytes, one));
    assertThat(budget.bytes()).isZero();
    assertThat(budget.connections()).isZero();
    assertThat(budget.holders()).isZero();
  }

  @Test
  void anAppMayHaveAQuarterOfTheBytesOnceHalfAreInUse() {
    Upstream slow = upstream("slow");
    Share share = budget.enter("client", true);
    long mine = 0;
    while (budget.allows(100, share, List.of(slow))) {
      budget.hold(100, share);
      slow.hold(100);
      mine += 100;
    }
    assertThat(mine).isEqualTo(BYTES / 2);
    assertThat(budget.allows(BYTES / 4, share, List.of(upstream("other")))).isTrue();
    assertThat(budget.allows(BYTES / 4 + 1, share, List.of(upstream("other")))).isFalse();
    assertThat(budget.allows(1, share, List.of())).as("for no app yet").isFalse();
  }

  @Test
  void addressesOfOneSubscriberShareAndOthersDoNot() throws UnknownHostException {
    assertThat(holder("2001:db8:1:2::1")).isEqualTo(holder("2001:db8:1:2:ffff::9"));
    assertThat(holder("2001:db8:1:2::1")).isNotEqualTo(holder("2001:db8:1:3::1"));
    assertThat(holder("192.0.2.1")).isNotEqualTo(holder("192.0.2.2"));
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
    ClientAddress both = ClientAddress.of(java.net.Inet6Address.getByAddress("mapped", mapped, 0));
    assertThat(both.holder()).isEqualTo(holder("192.0.2.1"));
    assertThat(both.text()).isEqualTo("192.0.2.1");
    assertThat(holder("0.0.0.1")).isNotEqualTo(holder("0:0:0:1::"));
  }

  private static Object holder(String address) throws UnknownHostException {
    return ClientAddress.of(InetAddress.getByName(address)).holder();
  }
}
