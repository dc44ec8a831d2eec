package dev.paas.runtime.solve.copy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.tar.TarReader;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.tar.BadTar;
import dev.paas.runtime.tar.Decompression;
import dev.paas.runtime.tar.ExtractLimits;
import dev.paas.runtime.tar.Extraction;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Archives that ADD unpacks: known by what they hold and not by their names, as in Docker. One is
 * unpacked into a folder of its own first, so that no link in it leads into an image, and copied
 * from there.
 */
public final class Archives {

  private static final AtomicLong COUNTER = new AtomicLong();

  /** Archives that are looked into at once: a dictionary of xz takes 64 MiB of the heap. */
  private static final Semaphore PLACES = new Semaphore(2, true);

  private final Path temporary;
  private final long maxBytes;

  /**
   * @param temporary a folder of the daemon's that is emptied when it starts
   * @param maxBytes what one may unpack to
   */
  public Archives(Path temporary, long maxBytes) {
    this.temporary = temporary;
    this.maxBytes = maxBytes;
  }

  /** What one has unpacked to; closing it removes that. */
  final class Unpacked implements AutoCloseable {
    private final String name;
    private final Directory root;

    private Unpacked(String name, Directory root) {
      this.name = name;
      this.root = root;
    }

    Directory root() {
      return root;
    }

    @Override
    public void close() throws IOException {
      root.close();
      remove(name);
    }
  }

  private void remove(String name) throws IOException {
    try (Directory all = Directory.open(temporary)) {
      all.removeTree(name);
    }
  }

  /**
   * Unpacks a file, unless it is no archive.
   *
   * @param maxFiles how many names it may have
   * @throws dev.paas.base.problem.PaasException for one that is damaged, too large, or whose names
   *     lead out of it
   */
  Optional<Unpacked> unpack(Directory in, String file, int maxFiles) throws IOException {
    try {
      PLACES.acquire();
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("cancelled");
    }
    try {
      return isArchive(in, file) ? Optional.of(unpacked(in, file, maxFiles)) : Optional.empty();
    } finally {
      PLACES.release();
    }
  }

  private Unpacked unpacked(Directory in, String file, int maxFiles) throws IOException {
    String name = "archive-" + COUNTER.incrementAndGet();
    Path folder = Folders.create(temporary.resolve(name), "rwx------");
    Directory root = Directory.open(folder);
    try (FileHandle handle = in.read(file);
        InputStream tar = Decompression.openAny(handle.stream())) {
      new Extraction(new TarReader(tar), root, new ExtractLimits(maxBytes, maxFiles)).run();
      return new Unpacked(name, root);
    } catch (FileCallException | RuntimeException | Error failed) {
      discard(name, root);
      throw failed;
    } catch (IOException damaged) {
      // Of the decompressors, each of which has exceptions of its own.
      discard(name, root);
      throw BadTar.malformed("it is cut off or damaged");
    }
  }

  private void discard(String name, Directory root) throws IOException {
    root.close();
    remove(name);
  }

  /** Whether its first header is one of tar's, plain or compressed. */
  private static boolean isArchive(Directory in, String file) throws IOException {
    try (FileHandle handle = in.read(file);
        InputStream tar = Decompression.openAny(handle.stream())) {
      return new TarReader(tar).next().isPresent();
    } catch (FileCallException unreadable) {
      throw unreadable;
    } catch (PaasException | IOException other) {
      return false;
    }
  }
}
