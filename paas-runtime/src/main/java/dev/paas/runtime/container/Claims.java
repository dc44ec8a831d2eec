package dev.paas.runtime.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The names of containers that somebody works with now. Whoever makes something for a container on
 * this host holds its name from before the first step until after the last trace is gone; so what
 * carries a name that nobody holds is left over.
 */
public final class Claims {

  private final ConcurrentHashMap<String, Integer> holders = new ConcurrentHashMap<>();

  /** Closing it, more than once if need be, lets go of the name. */
  public interface Claim extends AutoCloseable {
    @Override
    void close();
  }

  /** What is done with a name that nobody holds. */
  public interface Step {
    void run() throws IOException;
  }

  /** Holds a name; others may hold it too. Waits while {@link #ifFree} works on it. */
  public Claim hold(String name) {
    holders.merge(name, 1, Integer::sum);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        holders.computeIfPresent(name, (held, count) -> count == 1 ? null : count - 1);
      }
    };
  }

  public boolean held(String name) {
    return holders.containsKey(name);
  }

  /** Runs the step unless somebody holds the name; nobody can begin to hold it meanwhile. */
  public void ifFree(String name, Step step) throws IOException {
    try {
      holders.compute(
          name,
          (free, count) -> {
            if (count == null) {
              try {
                step.run();
              } catch (IOException failed) {
                throw new UncheckedIOException(failed);
              }
            }
            return count;
          });
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }
}
