package dev.paas.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.api.fake.MemoryScheduler;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InventoryTest {

  private static final AppName SHOP = new AppName("shop");
  private static final AppName BLOG = new AppName("blog");
  private static final String IMAGE = "sha256:" + "1".repeat(64);

  private final MemoryScheduler scheduler = new MemoryScheduler(IMAGE::equals);

  @AfterEach
  void stop() {
    scheduler.close();
  }

  @Test
  void theInventoryIsUnknownWhileTheSchedulerIsAway() throws Exception {
    scheduler.start(spec(web(SHOP, 1))).get();
    try (Inventory inventory = new Inventory(scheduler)) {
      assertThat(inventory.of(SHOP)).isEmpty();
      inventory.start();
      await().until(inventory::known);
      assertThat(inventory.of(SHOP).map(Map::keySet)).hasValue(Set.of(web(SHOP, 1)));
      assertThat(inventory.of(BLOG).map(Map::keySet)).hasValue(Set.of());

      scheduler.away(true);
      await().until(() -> !inventory.known());
      assertThat(inventory.apps()).isEqualTo(Optional.empty());

      scheduler.loseInstances("shop");
      scheduler.away(false);
      await().until(inventory::known);
      assertThat(inventory.of(SHOP).map(Map::keySet)).hasValue(Set.of());
    }
  }

  private static InstanceName web(AppName app, int slot) {
    return new InstanceName(app, ProcessType.WEB, 1, slot, 0);
  }

  private static InstanceSpec spec(InstanceName name) {
    return new InstanceSpec(name, IMAGE, List.of(), Map.of(), 5000, true);
  }
}
