package dev.paas.api.app;

import dev.paas.base.name.AppName;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A stream about an app that ends when the app is being destroyed, with a last item that says so.
 * For one subscriber.
 */
public final class UntilDestroyed<T> implements Flow.Publisher<T> {

  private final Flow.Publisher<? extends T> source;
  private final Apps apps;
  private final Followers followers;
  private final AppName app;
  private final T farewell;

  /**
   * @param farewell the last item
   */
  public UntilDestroyed(
      Flow.Publisher<? extends T> source, Apps apps, Followers followers, AppName app, T farewell) {
    this.source = source;
    this.apps = apps;
    this.followers = followers;
    this.app = app;
    this.farewell = farewell;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    source.subscribe(new Passing(subscriber));
  }

  private final class Passing implements Flow.Subscriber<T>, Flow.Subscription {

    private final Flow.Subscriber<? super T> to;

    /** All guarded by this. */
    private Flow.@Nullable Subscription from;

    private Followers.@Nullable Subscription following;
    private long wanted;
    private boolean gone;
    private boolean over;

    Passing(Flow.Subscriber<? super T> to) {
      this.to = to;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      Followers.Subscription joined = followers.join(app, this::destroyed);
      synchronized (this) {
        from = subscription;
        following = joined;
      }
      to.onSubscribe(this);
      if (apps.find(app).isEmpty()) {
        destroyed();
      }
    }

    @Override
    public void request(long count) {
      Flow.Subscription source;
      synchronized (this) {
        wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
        if (gone) {
          sayFarewell();
          return;
        }
        source = from;
      }
      if (source != null) {
        source.request(count);
      }
    }

    private void destroyed() {
      Flow.Subscription source;
      synchronized (this) {
        if (over || gone) {
          return;
        }
        gone = true;
        source = from;
        sayFarewell();
      }
      if (source != null) {
        source.cancel();
      }
    }

    /** As soon as the subscriber takes it. The caller holds the lock. */
    private void sayFarewell() {
      if (!over && wanted > 0) {
        over = true;
        to.onNext(farewell);
        to.onComplete();
      }
    }

    @Override
    public synchronized void onNext(T item) {
      if (!over && !gone) {
        wanted--;
        to.onNext(item);
      }
    }

    @Override
    public void onError(Throwable failed) {
      if (ends()) {
        to.onError(failed);
      }
    }

    @Override
    public void onComplete() {
      if (ends()) {
        to.onComplete();
      }
    }

    @Override
    public void cancel() {
      Flow.Subscription source;
      synchronized (this) {
        over = true;
        source = from;
      }
      leave();
      if (source != null) {
        source.cancel();
      }
    }

    /** Whether the source's end is the stream's: after the farewell it is nobody's news. */
    private boolean ends() {
      leave();
      synchronized (this) {
        boolean first = !over && !gone;
        over |= first;
        return first;
      }
    }

    private void leave() {
      Followers.@Nullable Subscription joined;
      synchronized (this) {
        joined = following;
      }
      if (joined != null) {
        joined.close();
      }
    }
  }
}
