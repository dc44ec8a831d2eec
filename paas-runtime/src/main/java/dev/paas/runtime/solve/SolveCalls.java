package dev.paas.runtime.solve;

import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The contract's Solve as a plain blocking method: run it on a worker thread, interrupt the thread
 * when the call is cancelled. Events never come at the same time.
 */
public final class SolveCalls {

  private final Solver solver;

  public SolveCalls(Solver solver) {
    this.solver = solver;
  }

  /** Executes the graph; the last event carries the image. */
  public void solve(SolveRequest request, Consumer<SolveEvent> events)
      throws IOException, InterruptedException {
    Object oneAtATime = new Object();
    Consumer<SolveEvent> ordered =
        event -> {
          synchronized (oneAtATime) {
            events.accept(event);
          }
        };
    var image = solver.solve(request, ordered);
    ordered.accept(SolveEvent.newBuilder().setImage(image.toMessage()).build());
  }
}
