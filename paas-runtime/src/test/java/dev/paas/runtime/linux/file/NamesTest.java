package dev.paas.runtime.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NamesTest {

  private final Random random = new Random(42);

  private String name(int longest) {
    byte[] bytes = new byte[1 + random.nextInt(longest)];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static List<String> all(Names names) {
    return IntStream.range(0, names.size()).mapToObj(names::get).toList();
  }

  @Test
  void namesOfAnyBytesAreSortedByThem() {
    for (int many : List.of(0, 1, 2, 15, 16, 17, 100, 5_000)) {
      for (int longest : List.of(2, 255)) {
        Names names = new Names();
        TreeSet<String> expected = new TreeSet<>();
        while (expected.size() < Math.min(many, 200 * longest)) {
          String name = name(longest);
          if (expected.add(name)) {
            assertThat(names.add(name)).isEqualTo(expected.size() - 1);
          }
        }
        List<String> unsorted = all(names);
        assertThat(IntStream.of(names.order()).mapToObj(unsorted::get))
            .containsExactlyElementsOf(expected);
        names.sort();
        assertThat(all(names)).containsExactlyElementsOf(expected);
      }
    }
  }

  @Test
  void aPlaceIsFoundForNamesThatAreThereAndForOthers() {
    Names names = new Names();
    List.of("d", "b", "bb", "\u00ff").forEach(names::add);
    names.sort();
    assertThat(List.of(names.from("a"), names.from("b"), names.from("ba"), names.from("\u00ff")))
        .containsExactly(0, 0, 1, 3);
    assertThat(List.of(names.after("a"), names.after("b"), names.after("d"), names.after("\u00ff")))
        .containsExactly(0, 1, 3, 4);
  }

  @Test
  void twoHundredThousandLongNamesTakeLittleMoreThanTheirBytes() {
    Names names = new Names();
    for (int i = 0; i < 200_000; i++) {
      names.add(String.format("%0255d", random.nextLong() & Long.MAX_VALUE));
    }
    assertThat(names.bytes()).isBetween(51_000_000L, 56_000_000L);
  }

  @Test
  void fewNamesTakeLittle() {
    Names names = new Names();
    names.add("a");
    assertThat(names.bytes()).isLessThan(1_000);
  }
}
