package dev.paas.runtime.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

public final class TurnsTest {

  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final Turns turns = new Turns();

  @Test
  void aStepThatComesWhileAnotherRunsTakesNoThreadUntilItsTurn() {
    turns.run(threads::add, () -> done.add("first"));
    turns.run(threads::add, () -> done.add("second"));
    assertThat(threads).hasSize(1);
    threads.remove().run();
    assertThat(done).containsExactly("first");
    assertThat(threads).hasSize(1);
    threads.remove().run();
    assertThat(done).containsExactly("first", "second");
    assertThat(threads).isEmpty();
  }

  @Test
  void aStepRunsHereWhenNothingElseDoesAndOnTheThreadsWhenSomethingDoes() {
    turns.runHere(threads::add, () -> done.add("here"));
    assertThat(done).containsExactly("here");
    turns.runHere(
        threads::add,
        () -> {
          turns.runHere(threads::add, () -> done.add("later"));
          done.add("outer");
        });
    assertThat(done).containsExactly("here", "outer");
    threads.remove().run();
    assertThat(done).containsExactly("here", "outer", "later");
  }

  @Test
  void aStepThatFailsPassesTheTurnOn() {
    assertThatThrownBy(
            () ->
                turns.runHere(
                    threads::add,
                    () -> {
                      turns.run(threads::add, () -> done.add("next"));
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    threads.remove().run();
    assertThat(done).containsExactly("next");
  }
}
