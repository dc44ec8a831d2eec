package dev.paas.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SignalsTest {

  private static final Map<String, Integer> WANTED =
      Map.ofEntries(
          Map.entry("", 15),
          Map.entry("SIGTERM", 15),
          Map.entry("QUIT", 3),
          Map.entry("sigint", 2),
          Map.entry("SIGPWR", 30),
          Map.entry("SIGSYS", 31),
          Map.entry("SIGALRM", 14),
          Map.entry("SIGRTMIN", 34),
          Map.entry("SIGRTMIN+3", 37),
          Map.entry("RTMAX-2", 62),
          Map.entry("SIGRTMAX", 64),
          Map.entry("28", 28),
          Map.entry("64", 64));

  @Test
  void stopSignalsAreKnownByNameAndNumber() {
    WANTED.forEach(
        (name, number) -> assertThat(Signals.stop(name)).as("'%s'", name).isEqualTo(number));
  }

  @Test
  void whatIsNoSignalIsTheUsualOne() {
    for (String none :
        new String[] {"0", "65", "-1", "SIG", "SIGRTMIN-1", "RTMAX+1", "FOO", "99"}) {
      assertThat(Signals.stop(none)).as("'%s'", none).isEqualTo(Signals.SIGTERM);
    }
  }
}
