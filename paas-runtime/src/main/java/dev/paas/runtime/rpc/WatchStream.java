package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.runtime.instance.Supervisor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A watcher's stream: changes wait here while the caller does not read, and a caller that never
 * reads is let go.
 */
final class WatchStream {

  /**
   * Changes that wait for one caller; one that is behind by more asks for a new snapshot anyway.
   */
  private static final int MAX_WAITING = 10_000;

  private final ServerCallStreamObserver<InstanceEvent> observer;
  private final Deque<InstanceEvent> waiting = new ArrayDeque<>();
  private volatile Runnable end = () -> {};
  private boolean over;

  WatchStream(ServerCallStreamObserver<InstanceEvent> observer) {
    this.observer = observer;
  }

  void start(Supervisor instances) {
    observer.setOnReadyHandler(this::drain);
    observer.setOnCancelHandler(() -> end.run());
    end = instances.watch(this::add);
    if (observer.isCancelled()) {
      end.run();
    }
  }

  private synchronized void add(InstanceEvent event) {
    waiting.add(event);
    if (waiting.size() > MAX_WAITING && !over) {
      over = true;
      waiting.clear();
      observer.onError(
          Status.RESOURCE_EXHAUSTED.withDescription("watcher is behind").asRuntimeException());
    }
    drain();
  }

  private synchronized void drain() {
    while (!over && !waiting.isEmpty() && observer.isReady()) {
      observer.onNext(waiting.remove());
    }
  }
}
