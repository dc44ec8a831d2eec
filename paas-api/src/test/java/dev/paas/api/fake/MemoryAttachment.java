package dev.paas.api.fake;

import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.TerminalSize;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An attachment to a {@link MemorySession}: delivers no more than it is asked for. Its fields
 * belong to the scheduler's thread.
 */
final class MemoryAttachment implements Attachment, Flow.Subscription {

  private final String id;
  private final long from;
  private final MemoryScheduler scheduler;
  private Flow.@Nullable Subscriber<? super Event> subscriber;
  private @Nullable MemorySession session;
  private long wanted;
  private long position;
  private boolean greeted;
  private boolean over;

  MemoryAttachment(String id, long from, MemoryScheduler scheduler) {
    this.id = id;
    this.from = from;
    this.scheduler = scheduler;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Event> reader) {
    reader.onSubscribe(this);
    scheduler.onLoop(() -> begin(reader));
  }

  private void begin(Flow.Subscriber<? super Event> reader) {
    if (over) {
      return;
    }
    if (subscriber != null) {
      reader.onError(
          Problem.of(Kind.CONFLICT, "run.taken", "Somebody reads this already", "Attach once more.")
              .asException());
      return;
    }
    subscriber = reader;
    try {
      MemorySession found = scheduler.session(id);
      session = found;
      position = from == NOW ? found.position() : from;
      found.joined(this);
      deliver();
    } catch (PaasException refused) {
      fail(refused);
    }
  }

  @Override
  public void request(long count) {
    scheduler.onLoop(
        () -> {
          wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
          deliver();
        });
  }

  @Override
  public void cancel() {
    scheduler.onLoop(this::leave);
  }

  long position() {
    return position;
  }

  private void leave() {
    over = true;
    MemorySession joined = session;
    if (joined != null) {
      joined.left(this);
    }
  }

  void fail(RuntimeException why) {
    Flow.Subscriber<? super Event> reader = subscriber;
    if (reader != null && !over) {
      leave();
      reader.onError(why);
    }
  }

  /** Hands over what is wanted and there. */
  void deliver() {
    Flow.Subscriber<? super Event> reader = subscriber;
    MemorySession joined = session;
    if (reader == null || joined == null) {
      return;
    }
    if (wanted > 0 && !greeted && !over) {
      greeted = true;
      wanted--;
      reader.onNext(new Attached(joined.view()));
    }
    List<Output> all = joined.output();
    for (int next = after(all); wanted > 0 && !over && next < all.size(); next++) {
      wanted--;
      Output output = from(all.get(next));
      position = output.position();
      reader.onNext(output);
    }
    if (wanted > 0 && !over && joined.isOver() && position >= joined.position()) {
      leave();
      joined.exit().ifPresent(exit -> reader.onNext(new Ended(exit)));
      reader.onComplete();
    }
  }

  /** Which of them is the first that ends behind the position. */
  private int after(List<Output> all) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).position() > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Output from(Output output) {
    byte[] bytes = output.bytes();
    int behind = (int) Math.max(0, position - (output.position() - bytes.length));
    byte[] rest = new byte[bytes.length - behind];
    System.arraycopy(bytes, behind, rest, 0, rest.length);
    return new Output(rest, output.stderr(), output.position());
  }

  @Override
  public CompletableFuture<Boolean> stdin(byte[] bytes) {
    return send(running -> running.input(bytes));
  }

  @Override
  public CompletableFuture<Boolean> stdinClosed() {
    return send(MemorySession::inputEnded);
  }

  @Override
  public CompletableFuture<Boolean> resize(TerminalSize size) {
    return send(running -> running.resize(size));
  }

  @Override
  public CompletableFuture<Boolean> signal(int number) {
    return send(running -> running.signal(number));
  }

  private CompletableFuture<Boolean> send(Consumer<MemorySession> step) {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    scheduler.onLoop(
        () -> {
          MemorySession running = session;
          boolean going = running != null && !over && !running.isOver();
          if (going && running != null) {
            step.accept(running);
          }
          sent.complete(going);
        });
    return sent;
  }
}
