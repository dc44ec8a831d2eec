package dev.paas.api.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ComingLinesTest {

  @Test
  void aSlowReaderIsToldHowManyLinesItMissed() {
    LogMerge merge = new LogMerge();
    merge.rest();
    List<ComingLines> made = new ArrayList<>();
    AssertSubscriber<Object> reader =
        Multi.createFrom()
            .emitter(
                emitter -> made.add(new ComingLines(merge, emitter)), BackPressureStrategy.DROP)
            .subscribe()
            .withSubscriber(AssertSubscriber.create(1));
    ComingLines coming = made.get(0);
    coming.accept(line("one"));
    coming.accept(line("two"));
    coming.accept(line("three"));
    assertThat(reader.getItems()).containsExactly(line("one"));

    reader.request(10);
    coming.accept(line("four"));
    assertThat(reader.getItems())
        .hasSize(3)
        .contains(line("one"), line("four"))
        .anySatisfy(each -> assertThat(each.toString()).contains("2 lines of the platform"));
  }

  private static LogResource.Line line(String text) {
    return new LogResource.Line(Instant.EPOCH, "api", "", "platform", text);
  }
}
