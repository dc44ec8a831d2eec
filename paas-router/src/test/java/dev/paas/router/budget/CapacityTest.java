package dev.paas.router.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CapacityTest {

  private static final PlatformSettings.Router BY_DEFAULT = PlatformSettings.DEFAULTS.router();
  private static final long SHIPPED = 93L << 20;

  @Test
  void theShippedMemoryHasRoomForThousandsOfConnections() {
    Capacity capacity = Capacity.of(BY_DEFAULT, SHIPPED, 96L << 20, 20_000);
    assertThat(capacity.connections()).isBetween(10_500, 11_000);
    assertThat(capacity.bytes()).isEqualTo(BY_DEFAULT.maxHeld().bytes());
  }

  @Test
  void theSettingsHoldWhereThereIsMemoryForThem() {
    Capacity capacity = Capacity.of(BY_DEFAULT, 1L << 30, 1L << 30, 500);
    assertThat(capacity).isEqualTo(new Capacity(500, BY_DEFAULT.maxHeld().bytes()));
  }

  @Test
  void allThatIsAdmittedFitsIntoWhateverMemoryThereIs() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long heap = (33L << 20) + random.nextLong(1L << 31);
      long direct = (1L << 20) + random.nextLong(1L << 31);
      try {
        Capacity capacity = Capacity.of(BY_DEFAULT, heap, direct, 1 + random.nextInt(100_000));
        assertThat(
                Capacity.IDLE_HEAP
                    + capacity.connections() * Capacity.CONNECTION_HEAP
                    + capacity.bytes())
            .isLessThanOrEqualTo(heap);
        assertThat(capacity.connections() * (long) Capacity.FREE + capacity.bytes())
            .isLessThan(direct);
        assertThat(BY_DEFAULT.maxHeaders().bytes() * 4).isLessThanOrEqualTo(capacity.bytes());
      } catch (PaasException refused) {
        assertThat(refused.problem().code()).isEqualTo("router.too-little-memory");
      }
    }
  }

  @Test
  void aHeadThatCouldNeverBeReadIsRefusedAtTheStart() {
    assertThatThrownBy(() -> Capacity.of(BY_DEFAULT, SHIPPED, 1 << 20, 10_000))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo("router.too-little-memory");
              assertThat(refused.problem().value()).isEqualTo("64KiB");
            });
  }
}
