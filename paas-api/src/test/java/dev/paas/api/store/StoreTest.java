package dev.paas.api.store;

import io.agroal.api.AgroalDataSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on H2. */
public final class StoreTest extends StoreContract {

  @TempDir private Path folder;
  private final SlowDisk disk = new SlowDisk();

  @Override
  Database fresh() throws IOException {
    Files.createDirectories(folder.resolve("db"));
    return Writers.h2(folder);
  }

  @AfterEach
  void unregister() {
    FilePath.unregister(disk);
  }

  /** The contract says when a commit is durable; here the file system says that it is. */
  @Test
  void noWorkBeginsBeforeTheCommitBeforeItIsOnTheDisk() throws Exception {
    FilePath.register(disk);
    Database database = Writers.h2(folder.resolve("slow"));
    Files.createDirectories(folder.resolve("slow/db"));
    String url = database.url().replace("jdbc:h2:file:", "jdbc:h2:" + SlowDisk.SCHEME + ":");
    try (AgroalDataSource source = Writers.source(url)) {
      Store store = Writers.store(source, database);
      store.write(() -> Writers.execute(source, "create table t (n int primary key)"));
      SlowDisk.slow = true;
      noWorkBeginsBefore(
          store,
          () -> Writers.execute(source, "insert into t values (1)"),
          SlowDisk.ASKED,
          SlowDisk.DONE);
    }
  }

  /**
   * A file system of H2's, which makes it by reflection; its fsync takes as long as the test wants.
   */
  public static final class SlowDisk extends FilePathWrapper {
    static final String SCHEME = "slow";
    static final CountDownLatch ASKED = new CountDownLatch(1);
    static final CountDownLatch DONE = new CountDownLatch(1);
    static volatile boolean slow;

    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      return new SlowFile(super.open(mode));
    }
  }

  private static final class SlowFile extends FileBase {
    private final FileChannel file;

    SlowFile(FileChannel file) {
      this.file = file;
    }

    @Override
    public void force(boolean metadata) throws IOException {
      if (SlowDisk.slow) {
        SlowDisk.ASKED.countDown();
        try {
          SlowDisk.DONE.await();
        } catch (InterruptedException stopped) {
          throw new IOException(stopped);
        }
      }
      file.force(metadata);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return file.write(source);
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      return file.write(source, position);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public synchronized FileLock tryLock(long position, long size, boolean shared)
        throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
