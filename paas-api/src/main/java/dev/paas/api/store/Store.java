package dev.paas.api.store;

import dev.paas.base.problem.PaasException;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in transactions and says when it is durable.
 *
 * <p>One writer of this process at a time, until its rows are on the disk: what a commit checks is
 * still true when it writes, and no two commits wait for each other's row locks. Work must
 * therefore be short: rows only, no network, no process. Between processes the keys of the tables
 * decide.
 *
 * <ol>
 *   <li>begin, work, commit: a crash before the end of this leaves nothing of the work
 *   <li>{@link Database#makeDurable}: a power cut before the end of this may lose the work, which
 *       nobody was told of
 *   <li>return; then the callbacks of {@link #afterCommit}: a crash before them is a missed
 *       wake-up, and the sweep at start finds the rows
 * </ol>
 */
@ApplicationScoped
public class Store {

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final AgroalDataSource source;
  private final TransactionManager transactions;
  private final StoreFailures failures;
  private final Database database;
  private final ReentrantLock writing = new ReentrantLock();

  /** Callbacks of the commit that runs now; touched only by the holder of {@link #writing}. */
  private List<Runnable> callbacks = new ArrayList<>();

  public Store(
      AgroalDataSource source,
      TransactionManager transactions,
      StoreFailures failures,
      Database database) {
    this.source = source;
    this.transactions = transactions;
    this.failures = failures;
    this.database = database;
  }

  /**
   * Runs {@code work} in a transaction; when this returns, its rows survive {@code kill -9} and a
   * power cut. Inside another commit it joins that one. A runtime exception rolls everything back.
   *
   * @throws PaasException {@code store.full} or {@code store.unavailable}
   */
  public <T> T commit(Supplier<T> work) {
    if (writing.isHeldByCurrentThread()) {
      return work.get();
    }
    if (!database.hasRoom()) {
      throw Database.full().asException();
    }
    List<Runnable> due = List.of();
    T result;
    writing.lock();
    try {
      callbacks = new ArrayList<>();
      result = transaction(work);
      // Also when the disk refuses: the rows are there for readers, and a wake-up promises nothing.
      due = callbacks;
      makeDurable();
    } catch (RuntimeException failed) {
      throw failures.explain(failed);
    } finally {
      writing.unlock();
      due.forEach(Store::call);
    }
    return result;
  }

  /** Like {@link #commit} for work that has no result. */
  public void write(Runnable work) {
    commit(
        () -> {
          work.run();
          return Boolean.TRUE;
        });
  }

  /**
   * Runs {@code work} in a transaction of its own that only reads; inside a commit it sees that
   * commit's rows.
   */
  public <T> T read(Supplier<T> work) {
    try {
      return transactions.getStatus() == Status.STATUS_ACTIVE ? work.get() : transaction(work);
    } catch (SystemException broken) {
      throw new IllegalStateException(broken);
    } catch (RuntimeException failed) {
      throw failures.explain(failed);
    }
  }

  /**
   * Runs {@code callback} once the surrounding commit is durable, or at once when there is none:
   * the place to enqueue keys. It does not run when the work is rolled back.
   */
  public void afterCommit(Runnable callback) {
    if (writing.isHeldByCurrentThread()) {
      callbacks.add(callback);
    } else {
      callback.run();
    }
  }

  /** The commit stands, and the next one is to be told of it whatever this one does. */
  private static void call(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | StackOverflowError failed) {
      LOG.atError().setCause(failed).log("a listener failed after a commit");
    }
  }

  /** Runs {@code work} in a transaction of its own; one that surrounds it rests meanwhile. */
  private <T> T transaction(Supplier<T> work) {
    try {
      Transaction outer = transactions.suspend();
      try {
        transactions.begin();
        return committed(work);
      } finally {
        if (outer != null) {
          transactions.resume(outer);
        }
      }
    } catch (SystemException
        | NotSupportedException
        | RollbackException
        | HeuristicMixedException
        | HeuristicRollbackException
        | InvalidTransactionException failed) {
      throw new IllegalStateException("the transaction was not committed", failed);
    }
  }

  private <T> T committed(Supplier<T> work)
      throws SystemException,
          RollbackException,
          HeuristicMixedException,
          HeuristicRollbackException {
    T result;
    try {
      result = work.get();
    } catch (RuntimeException | Error failed) {
      transactions.rollback();
      throw failed;
    }
    transactions.commit();
    return result;
  }

  private void makeDurable() {
    try {
      database.makeDurable(source);
    } catch (SQLException failed) {
      throw new IllegalStateException("the commit may not be on the disk", failed);
    }
  }
}
