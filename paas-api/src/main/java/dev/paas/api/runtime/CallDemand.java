package dev.paas.api.runtime;

import io.grpc.stub.ClientCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * What a reader wants of a call with many messages back, from any thread: so many more, or no more
 * at all. It is kept until the call has begun, because gRPC takes neither before.
 */
public final class CallDemand {

  /** All guarded by this; the second is null until the call has begun. */
  private @Nullable ClientCallStreamObserver<?> starting;

  private @Nullable ClientCallStreamObserver<?> call;
  private long early;
  private boolean cancelled;

  /** Belongs into the observer's method of this name: from now on messages come as asked for. */
  public synchronized void beforeStart(ClientCallStreamObserver<?> stream) {
    starting = stream;
    stream.disableAutoRequestWithInitial(0);
  }

  /** The call has begun, and takes what was asked for until now. */
  public synchronized void begun() {
    call = starting;
    if (cancelled) {
      cancel();
    } else if (early > 0) {
      request(early);
    }
  }

  /** Asks for so many messages more. */
  public synchronized void request(long count) {
    if (call == null) {
      early = early + count < 0 ? Long.MAX_VALUE : early + count;
    } else {
      call.request((int) Math.min(Integer.MAX_VALUE, count));
    }
  }

  /** Ends the call: nobody reads any more. */
  public synchronized void cancel() {
    cancelled = true;
    if (call != null) {
      call.cancel("the reader has gone", null);
    }
  }
}
