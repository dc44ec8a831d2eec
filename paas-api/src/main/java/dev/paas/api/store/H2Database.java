package dev.paas.api.store;

import java.nio.file.Path;

/** Where the database is and how H2 opens it. */
public final class H2Database {

  /** How long a statement waits for another's row lock, in milliseconds. */
  private static final int LOCK_TIMEOUT_MS = 10_000;

  /** H2's page cache in KiB: the whole heap is 96 MiB. */
  private static final int CACHE_KIB = 4096;

  private H2Database() {}

  /**
   * The JDBC URL of the database in a data folder. WRITE_DELAY=0: a commit is in the file, not only
   * in the heap, before it returns; {@link Store} adds the fsync.
   */
  public static String of(Path data) {
    return "jdbc:h2:file:"
        + data.resolve("db/paas").toAbsolutePath()
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT="
        + LOCK_TIMEOUT_MS
        + ";CACHE_SIZE="
        + CACHE_KIB;
  }
}
