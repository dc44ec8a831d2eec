package dev.paas.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.settings.PlatformSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RefusalsTest {

  private static final int APART = PlatformSettings.DEFAULTS.audit().refusalsApart();

  private Instant now = Instant.parse("2026-11-24T10:00:05Z");
  private final Refusals refusals = new Refusals(new Hand(), PlatformSettings.DEFAULTS);

  @Test
  void aMillionTriesOfOneAddressAreOneLineAMinute() {
    for (int i = 0; i < 1_000_000; i++) {
      refusals.add(from("192.0.2.7"), "token.refused", null);
    }
    assertThat(refusals.take(true)).hasSize(1).containsValue(1_000_000L);
  }

  @Test
  void kindsMinutesAndAddressesAreToldApart() {
    refusals.add(from("192.0.2.7"), "token.refused", null);
    refusals.add(from("192.0.2.7"), "key.refused", null);
    refusals.add(from("192.0.2.8"), "key.refused", null);
    now = now.plusSeconds(60);
    refusals.add(from("192.0.2.8"), "key.refused", null);
    assertThat(refusals.take(true)).hasSize(4).containsValue(1L);
  }

  @Test
  void theMinuteThatIsUnderWayIsNotTaken() {
    refusals.add(from("192.0.2.7"), "token.refused", null);
    assertThat(refusals.take(false)).isEmpty();
    now = now.plusSeconds(60);
    assertThat(refusals.take(false)).hasSize(1);
    assertThat(refusals.take(true)).as("taken once").isEmpty();
  }

  @Test
  void manyAddressesAreBoundedAndNoneIsUncounted() {
    for (int i = 0; i < 100_000; i++) {
      refusals.add(from("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)), "k", null);
    }
    Map<Refusals.Refused, Long> taken = refusals.take(true);
    assertThat(taken).hasSizeLessThanOrEqualTo(APART + 1);
    assertThat(taken.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(100_000);
  }

  @Test
  void oneUserTakesNoRoomOfOthersAndNoneOfTheirRefusalsIsUncounted() {
    Actor noisy = new Actor("noisy", "token x", "192.0.2.1");
    for (int i = 0; i < 10_000; i++) {
      refusals.add(noisy, "push", null, "subject " + i, "push.stale");
    }
    refusals.add(new Actor("quiet", "token y", "192.0.2.2"), "push", null, "main", "push.stale");
    for (int i = 0; i < 1000; i++) {
      refusals.add(from("10.0." + (i >> 8) + "." + (i & 255)), "k", null);
    }
    refusals.add(new Actor("late", "token z", "192.0.2.3"), "push", null, "main", "push.stale");
    Map<Refusals.Refused, Long> taken = refusals.take(true);
    assertThat(taken).hasSizeLessThanOrEqualTo(APART + 3);
    assertThat(of(taken, "noisy")).hasSize(APART / Refusals.PART_OF_USER + 1);
    assertThat(of(taken, "noisy").stream().mapToLong(Long::longValue).sum()).isEqualTo(10_000);
    assertThat(of(taken, "quiet")).containsExactly(1L);
    assertThat(of(taken, "late")).containsExactly(1L);
  }

  private static List<Long> of(Map<Refusals.Refused, Long> taken, String user) {
    return taken.entrySet().stream()
        .filter(line -> line.getKey().actor().user().equals(user))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Test
  void whatCouldNotBeWrittenIsCountedOn() {
    refusals.add(from("192.0.2.7"), "token.refused", null);
    Map<Refusals.Refused, Long> taken = refusals.take(true);
    refusals.add(from("192.0.2.7"), "token.refused", null);
    refusals.giveBack(taken);
    assertThat(refusals.take(true)).hasSize(1).containsValue(2L);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,192.0.2.7",
    "::1,::1",
    "2001:db8:1:2:3:4:5:6,2001:db8:1:2::/64",
    "2001:db8:1:2::9,2001:db8:1:2::/64",
    "2001:db8::9,2001:db8:0:0::/64",
    "fe80::1%eth0,fe80:0:0:0::/64",
    "[2001:db8:1:2::9],2001:db8:1:2::/64",
    "'',''",
  })
  void anIpv6AddressCountsForItsNetwork(String address, String counted) {
    assertThat(Refusals.network(address)).isEqualTo(counted);
  }

  private static Actor from(String address) {
    return new Actor("", "", address);
  }

  private final class Hand extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
