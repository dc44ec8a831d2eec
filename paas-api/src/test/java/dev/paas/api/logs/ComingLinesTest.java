package dev.paas.api.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ComingLinesTest {

  @Test
  void aSlowReaderIsToldHowManyLinesItMissed() {
    LogMerge merge = new LogMerge();
    merge.rest();
    AtomicReference<ComingLines> coming = new AtomicReference<>();
    AssertSubscriber<Object> reader =
        Multi.createFrom()
            .emitter(
                emitter -> coming.set(new ComingLines(merge, emitter)), BackPressureStrategy.DROP)
            .subscribe()
            .withSubscriber(AssertSubscriber.create(1));
    coming.get().accept(line("one"));
    coming.get().accept(line("two"));
    coming.get().accept(line("three"));
    assertThat(reader.getItems()).containsExactly(line("one"));

    reader.request(10);
    coming.get().accept(line("four"));
    assertThat(reader.getItems())
        .hasSize(3)
        .contains(line("one"), line("four"))
        .anySatisfy(each -> assertThat(each.toString()).contains("2 lines of the platform"));
  }

  private static LogResource.Line line(String text) {
    return new LogResource.Line(Instant.EPOCH, "api", "", "platform", text);
  }
}
