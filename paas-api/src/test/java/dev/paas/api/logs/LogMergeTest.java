package dev.paas.api.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogMergeTest {

  @Test
  void othersComeBetweenTheLinesByTheirTimes() {
    LogMerge merge = of(List.of(line(4), line(2), line(9)));
    List<Object> all = new ArrayList<>();
    for (int at : new int[] {1, 3, 4, 5}) {
      all.addAll(merge.next(line(at)));
    }
    all.addAll(merge.rest());
    assertThat(all).containsExactly(line(1), line(2), line(3), line(4), line(4), line(5), line(9));
    assertThat(merge.rest()).isEmpty();
  }

  @Test
  void onlyAFewComeFromBeforeTheFirstLine() {
    List<LogResource.Line> old = IntStream.range(0, 30).mapToObj(LogMergeTest::line).toList();
    LogMerge merge = of(old);
    assertThat(merge.next(line(25))).hasSize(LogMerge.BEFORE + 1).startsWith(line(16));
    assertThat(merge.next(line(29))).hasSize(5);
  }

  @Test
  void withoutALineOfTheAppAllAreShown() {
    List<LogResource.Line> old = IntStream.range(0, 30).mapToObj(LogMergeTest::line).toList();
    assertThat(of(old).rest()).hasSize(30);
  }

  @Test
  void aLineThatComesWaitsForThePastAndNoLonger() {
    LogMerge merge = of(List.of(line(2)));
    assertThat(merge.keeps(line(3))).isTrue();
    assertThat(merge.rest()).containsExactly(line(2), line(3));
    assertThat(merge.keeps(line(4))).isFalse();
  }

  @Test
  void onlySoManyWait() {
    LogMerge merge = of(IntStream.range(0, LogMerge.MOST).mapToObj(LogMergeTest::line).toList());
    assertThat(merge.keeps(line(3))).isFalse();
    assertThat(merge.rest()).hasSize(LogMerge.MOST);
  }

  private static LogMerge of(List<LogResource.Line> others) {
    LogMerge merge = new LogMerge();
    merge.add(others);
    return merge;
  }

  private static LogResource.Line line(int second) {
    Instant at = Instant.EPOCH.plusSeconds(second);
    return new LogResource.Line(at, "web.1", "v1", "stdout", "line " + second);
  }
}
