package dev.paas.api.store;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.settings.DataSize;
import dev.paas.base.settings.PlatformSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.mvstore.MVStoreException;

/**
 * H2 in a file of the data folder, opened by one process.
 *
 * <p>It has no fsync in its commits, so {@link #makeDurable} asks for one. That checkpoint takes
 * the maps one after the other; another thread's transaction that moves meanwhile is torn, and so
 * it is found after a crash: once in some two thousand crashes. {@link Store} therefore lets nobody
 * write until it has ended.
 */
public final class H2Database implements Database {

  /** How long a statement waits for another's row lock, in milliseconds. */
  private static final int LOCK_TIMEOUT_MS = 10_000;

  /** H2's page cache in KiB: the whole heap is 96 MiB. */
  private static final int CACHE_KIB = 4096;

  /**
   * The part of the reserve that is the database's alone: pushes and builds, which need much, are
   * refused long before.
   */
  private static final int SHARE_OF_RESERVE = 16;

  /** Codes for input/output trouble and for a store that closed itself after it. */
  private static final Set<Integer> BROKEN =
      Set.of(
          ErrorCode.IO_EXCEPTION_1,
          ErrorCode.FILE_CORRUPTED_1,
          ErrorCode.IO_EXCEPTION_2,
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN);

  private final Path folder;
  private final DiskSpace disk;

  /** The database of a platform. */
  public H2Database(PlatformSettings.Platform platform) {
    folder = platform.data().resolve("db");
    disk = new DiskSpace(folder, new DataSize(platform.diskReserve().bytes() / SHARE_OF_RESERVE));
  }

  /**
   * {@inheritDoc}
   *
   * <p>WRITE_DELAY=0: a commit is in the file, not only in the heap, before it returns.
   */
  @Override
  public String url() {
    return "jdbc:h2:file:"
        + folder.resolve("paas").toAbsolutePath()
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT="
        + LOCK_TIMEOUT_MS
        + ";CACHE_SIZE="
        + CACHE_KIB;
  }

  @Override
  public List<String> migrations() {
    return List.of("db/migration", "db/h2");
  }

  /** One that meets the end of the disk closes itself, for readers too: stop before it. */
  @Override
  public boolean hasRoom() {
    return !disk.isShort();
  }

  @Override
  public void makeDurable(DataSource connections) throws SQLException {
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT SYNC");
    }
  }

  @Override
  public Trouble trouble(Throwable cause) {
    if (cause instanceof MVStoreException) {
      return Trouble.AWAY;
    }
    if (!(cause instanceof SQLException sql)) {
      return Trouble.NONE;
    }
    if (sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return Trouble.TAKEN;
    }
    return BROKEN.contains(sql.getErrorCode()) ? Trouble.AWAY : Trouble.NONE;
  }
}
