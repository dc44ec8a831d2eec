package dev.paas.api.store;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * What the store needs of a database product beyond JDBC and the SQL that every product has: how it
 * is opened, which migrations are its own, when a commit is on the disk, and what its errors mean.
 *
 * <p>{@link Store} asks for no more than that a transaction is whole, that what it has written
 * stays invisible until its commit, and that keys are unique also between processes.
 */
public interface Database {

  /** What a cause of a failure says about the database. */
  enum Trouble {
    /** Nothing: the failure has another reason. */
    NONE,
    /** There is no room for what was to be written. */
    FULL,
    /** It can't be read or written at the moment. */
    AWAY,
    /** Another process has it open, and it does not serve two. */
    TAKEN
  }

  /** The JDBC URL, with what this process asks of each connection. */
  String url();

  /**
   * The folders of its migrations on the class path: the common one and its own. They are fixed
   * when a program is built, by {@code quarkus.flyway.locations}.
   */
  List<String> migrations();

  /** Whether a write may begin: not when a full disk would cost more than this write. */
  boolean hasRoom();

  /**
   * Returns when every transaction that has been committed survives a power cut. Meanwhile the
   * caller lets no other transaction of this process write.
   *
   * @throws SQLException when nobody knows whether it does
   */
  void makeDurable(DataSource connections) throws SQLException;

  /** What {@code cause} says, without its own causes. */
  Trouble trouble(Throwable cause);

  /** What people are told when there is no room for what was to be written. */
  static Problem full() {
    return Problem.of(
        Kind.FULL,
        "store.full",
        "The disk has no room for the database of the control plane",
        "Free some room on the file system of the data folder, then try again.");
  }
}
