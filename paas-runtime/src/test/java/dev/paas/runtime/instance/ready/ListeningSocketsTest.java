package dev.paas.runtime.instance.ready;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListeningSocketsTest {

  private static final String ANY6 = "00000000000000000000000000000000";
  private static final String LOOPBACK6 = "00000000000000000000000001000000";
  private static final String MAPPED_LOOPBACK = "0000000000000000FFFF00000100007F";
  private static final String GLOBAL6 = "B80D0120000000000000000001000000";

  private static ListeningSockets tcp(String... locals) {
    List<ListeningSockets.Tcp> tcp = new ArrayList<>();
    for (String local : locals) {
      ListeningSockets.tcp("  0: " + local + " 00000000:0000 0A 00000000:00000000 00:0", tcp);
    }
    return new ListeningSockets(tcp, List.of(), List.of());
  }

  @Test
  void onlyWhatIsNotLoopbackMayBeReached() {
    assertThat(tcp("00000000:1388").mayBeReached(5000)).isTrue();
    assertThat(tcp("0202D60A:1388").mayBeReached(5000)).isTrue();
    assertThat(tcp(ANY6 + ":1388").mayBeReached(5000)).isTrue();
    assertThat(tcp("0000000000000000FFFF000000000000:1388").mayBeReached(5000)).isTrue();
    assertThat(tcp("0100007F:1388").mayBeReached(5000)).isFalse();
    assertThat(tcp("0200017F:1388").mayBeReached(5000)).isFalse();
    assertThat(tcp(LOOPBACK6 + ":1388").mayBeReached(5000)).isFalse();
    assertThat(tcp(MAPPED_LOOPBACK + ":1388").mayBeReached(5000)).isFalse();
    assertThat(tcp("00000000:1389").mayBeReached(5000)).isFalse();
  }

  @Test
  void connectionsAndBrokenLinesAreNoListeners() {
    List<ListeningSockets.Tcp> tcp = new ArrayList<>();
    ListeningSockets.tcp("1: 00000000:1388 0100007F:0001 01 00000000:00000000", tcp);
    ListeningSockets.tcp("1: 00000000:1388", tcp);
    ListeningSockets.tcp("", tcp);
    assertThat(tcp).isEmpty();
  }

  @Test
  void portsAreThoseThatMayBeReachedInOrder() {
    assertThat(tcp(ANY6 + ":1F90", "00000000:1388", "0100007F:1389", "00000000:1F90").ports())
        .containsExactly(5000, 8080);
  }

  @Test
  void theReasonNamesWhatIsThereInstead() {
    String unreachable = ", where no request can reach it";
    assertThat(tcp("0100007F:1388").why(5000)).isEqualTo("listens on 127.0.0.1:5000" + unreachable);
    assertThat(tcp(LOOPBACK6 + ":1388").why(5000)).isEqualTo("listens on [::1]:5000" + unreachable);
    assertThat(tcp(MAPPED_LOOPBACK + ":1388").why(5000))
        .isEqualTo("listens on [::ffff:127.0.0.1]:5000" + unreachable);
    assertThat(tcp(ANY6 + ":1388").why(5000))
        .isEqualTo("listens on [::]:5000 for IPv6 alone" + unreachable);
    assertThat(tcp(GLOBAL6 + ":1388").why(5000))
        .isEqualTo("listens on [2001:db8:0:0:0:0:0:1]:5000 for IPv6 alone" + unreachable);
    assertThat(tcp("00000000:1388").why(5000))
        .isEqualTo("listens on 0.0.0.0:5000, and takes no connection there");
    assertThat(tcp("00000000:0BB8").why(5000)).isEqualTo("listens on 3000, expected 5000");
    assertThat(tcp("0100007F:0BB8", "00000000:0BB9").why(5000))
        .isEqualTo("listens on 127.0.0.1:3000, 3001, expected 5000");
    assertThat(new ListeningSockets(List.of(), List.of(5000), List.of()).why(5000))
        .isEqualTo("listens on UDP port 5000" + unreachable);
    assertThat(new ListeningSockets(List.of(), List.of(5353), List.of()).why(5000)).isEmpty();
    assertThat(new ListeningSockets(List.of(), List.of(), List.of("/tmp/app.sock")).why(5000))
        .isEqualTo("listens on the socket /tmp/app.sock" + unreachable);
  }

  @Test
  void aReasonStaysShortHoweverMuchIsThere() {
    List<ListeningSockets.Tcp> tcp = new ArrayList<>();
    for (int port = 1; port < 2000; port++) {
      ListeningSockets.tcp(String.format("0: 00000000:%04X 00000000:0000 0A 0", port), tcp);
    }
    ListeningSockets many = new ListeningSockets(tcp, List.of(), List.of());
    assertThat(many.why(5000)).isEqualTo("listens on 1, 2, 3, 4, …, expected 5000");
  }
}
