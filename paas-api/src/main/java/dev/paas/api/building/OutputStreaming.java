package dev.paas.api.building;

import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildOutput.Subscription;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A build's output as a publisher of whole lines: what is there, then what comes until the build
 * has ended. Reads no more than the subscriber asks for and holds no thread while it waits.
 */
final class OutputStreaming implements Flow.Publisher<String> {

  /** Read at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private final BuildOutput output;
  private final BuildId build;
  private final BooleanSupplier ended;
  private final Supplier<String> farewell;

  /**
   * @param farewell lines to end with, or nothing
   */
  OutputStreaming(
      BuildOutput output, BuildId build, BooleanSupplier ended, Supplier<String> farewell) {
    this.output = output;
    this.build = build;
    this.ended = ended;
    this.farewell = farewell;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super String> subscriber) {
    Reading reading = new Reading(subscriber);
    subscriber.onSubscribe(reading);
    reading.begin();
  }

  private final class Reading implements Flow.Subscription {

    private final Flow.Subscriber<? super String> subscriber;
    private final AtomicLong wanted = new AtomicLong();

    /** Looks that are due; the one that takes it from 0 does them all. */
    private final AtomicInteger due = new AtomicInteger();

    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private long offset;
    private volatile boolean over;
    private @Nullable Subscription following;

    Reading(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
    }

    synchronized void begin() {
      if (!over) {
        following = output.follow(build, this::look);
      }
      look();
    }

    @Override
    public void request(long count) {
      wanted.addAndGet(count);
      look();
    }

    @Override
    public void cancel() {
      end();
    }

    private synchronized void end() {
      over = true;
      if (following != null) {
        following.close();
      }
    }

    private void look() {
      if (due.getAndIncrement() == 0) {
        Infrastructure.getDefaultWorkerPool().execute(this::work);
      }
    }

    private void work() {
      int seen = due.get();
      while (seen != 0) {
        try {
          emit();
        } catch (RuntimeException failed) {
          end();
          subscriber.onError(failed);
        }
        seen = due.addAndGet(-seen);
      }
    }

    private void emit() {
      while (!over && wanted.get() > 0) {
        // The end is asked for before the output is read: nothing of it is missed.
        boolean last = ended.getAsBoolean();
        byte[] bytes = output.read(build, offset, CHUNK);
        offset += bytes.length;
        String lines = whole(bytes);
        if (!lines.isEmpty()) {
          wanted.decrementAndGet();
          subscriber.onNext(lines);
        } else if (bytes.length == 0) {
          if (last) {
            finish();
          }
          return;
        }
      }
    }

    /** The build has ended: what has no newline, because it found no room, is shown too. */
    private void finish() {
      end();
      if (part.size() > 0) {
        subscriber.onNext(part.toString(StandardCharsets.UTF_8) + "\n");
        part.reset();
      }
      String words = farewell.get();
      if (!words.isEmpty()) {
        subscriber.onNext(words);
      }
      subscriber.onComplete();
    }

    /** The bytes up to the last newline; the rest waits for its end. */
    private String whole(byte[] bytes) {
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      if (end == 0) {
        part.write(bytes, 0, bytes.length);
        return "";
      }
      part.write(bytes, 0, end);
      String lines = part.toString(StandardCharsets.UTF_8);
      part.reset();
      part.write(bytes, end, bytes.length - end);
      return lines;
    }
  }
}
