package dev.paas.api.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class ConversationTest {

  private final List<String> hungUp = new ArrayList<>();
  private final Conversation conversation =
      new Conversation(() -> {}, Duration.ofMillis(1)); // nobody else is to be waited for

  @Test
  void whoeverReadsIsToldAllOfIt() {
    Listener listener = new Listener(Long.MAX_VALUE);
    conversation.subscribe(listener);
    conversation.line("one");
    conversation.line("two");
    conversation.end("done");
    assertThat(listener.heard)
        .containsExactly("Line[line=one]", "Line[line=two]", "done", "complete");
    assertThat(conversation.connected()).isTrue();
  }

  @Test
  void whoeverReadsNothingIsGoneAndKeepsNobodyWaiting() {
    Listener listener = new Listener(1);
    conversation.onHangUp(() -> hungUp.add("told"));
    conversation.subscribe(listener);
    conversation.line("one");
    conversation.line("two");
    assertThat(conversation.connected()).isFalse();
    assertThat(hungUp).containsExactly("told");
    conversation.line("three");
    conversation.end("done");
    assertThat(listener.heard).containsExactly("Line[line=one]", "cut");
  }

  @Test
  void anAnswerThatNobodyAsksForKeepsNobodyWaiting() {
    conversation.onHangUp(() -> hungUp.add("told"));
    conversation.line("one");
    assertThat(hungUp).containsExactly("told");
    assertThat(conversation.connected()).isFalse();
  }

  /** Takes as many items as it is made for. */
  private static final class Listener implements Flow.Subscriber<Object> {

    private final List<String> heard = new ArrayList<>();
    private final long wanted;

    Listener(long wanted) {
      this.wanted = wanted;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(wanted);
    }

    @Override
    public void onNext(Object item) {
      heard.add(item.toString());
    }

    @Override
    public void onError(Throwable cut) {
      heard.add("cut");
    }

    @Override
    public void onComplete() {
      heard.add("complete");
    }
  }
}
