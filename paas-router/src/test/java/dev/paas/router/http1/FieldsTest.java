package dev.paas.router.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FieldsTest {

  private static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("close", List.of("close")),
        Arguments.of(" close\t", List.of("close")),
        Arguments.of("keep-alive, close", List.of("keep-alive", "close")),
        Arguments.of(",close,, ", List.of("close")),
        Arguments.of("", List.of()),
        Arguments.of(" ", List.of()),
        Arguments.of(",", List.of()));
  }

  @ParameterizedTest
  @MethodSource("values")
  void theMembersOfAFieldAreWhatIsBetweenItsCommas(String value, List<String> members) {
    assertThat(new Fields().add("connection", value).members("Connection")).isEqualTo(members);
  }

  @Test
  void theMembersOfSeveralFieldsAreThoseOfAll() {
    Fields fields = new Fields().add("Connection", "a").add("X", "b").add("CONNECTION", "c, d");
    assertThat(fields.members("connection")).containsExactly("a", "c", "d");
    assertThat(fields.members("absent")).isEmpty();
  }
}
