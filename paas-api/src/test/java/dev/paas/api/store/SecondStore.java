package dev.paas.api.store;

import io.agroal.api.AgroalDataSource;
import jakarta.transaction.TransactionManager;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A store like the one of a second process: neither waits for the commits of the other. */
public final class SecondStore {

  /** A thread that waits for a row, or for a moment as H2 does while it waits for one. */
  private static final Set<Thread.State> WAITING =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.BLOCKED);

  private SecondStore() {}

  public static Store of(
      AgroalDataSource source, TransactionManager transactions, Database database) {
    return new Store(source, transactions, new StoreFailures(database), database);
  }

  /**
   * Has another writer begin when this one has done its work and not committed it yet.
   *
   * @param other what it writes, through a store of its own
   */
  public static <T> CompletableFuture<T> duringCommitOf(
      Store store, Runnable work, Supplier<T> other) {
    CompletableFuture<T> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                end.complete(other.get());
              } catch (RuntimeException failed) {
                end.completeExceptionally(failed);
              }
            },
            "other-writer");
    store.write(
        () -> {
          work.run();
          thread.start();
          while (thread.isAlive() && !WAITING.contains(thread.getState())) {
            Thread.onSpinWait();
          }
        });
    return end;
  }
}
