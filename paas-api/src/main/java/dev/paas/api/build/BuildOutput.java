package dev.paas.api.build;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What builds said: one append-only file each, {@code <folder>/<app>/<number>.log}, and a wake for
 * those who follow. The files are for people; nothing is decided by them, so they are not fsynced,
 * and on a full disk lines are lost rather than builds.
 */
public final class BuildOutput {

  /** What a build may write, in bytes; the rest is dropped with a line that says so. */
  static final long MAX_BYTES = 8L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(BuildOutput.class);

  private final Path folder;

  /** The last line found no room. Guarded by this. */
  private boolean lossy;

  /** Builds whose last line found room for its beginning only. Guarded by this. */
  private final Set<BuildId> torn = new HashSet<>();

  private final Map<BuildId, List<Runnable>> followers = new ConcurrentHashMap<>();

  public BuildOutput(Path folder) {
    this.folder = folder;
  }

  /** A step: {@code -----> Detecting}. */
  public void step(BuildId build, String text) {
    append(build, "-----> " + text);
  }

  /** A detail of a step, indented. */
  public void detail(BuildId build, String text) {
    append(build, "       " + text);
  }

  /** What went wrong. */
  public void failure(BuildId build, String text) {
    append(build, " !     " + text);
  }

  /** The good end. */
  public void headline(BuildId build, String text) {
    append(build, "=====> " + text);
  }

  private void append(BuildId build, String line) {
    Path file = file(build);
    ByteBuffer bytes;
    synchronized (this) {
      // A line that was torn ends where it was torn: the next one is no part of it.
      String text = (torn.contains(build) ? "\n" : "") + line + "\n";
      bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      boolean began = false;
      try {
        Files.createDirectories(folder.resolve(build.app().value()));
        try (FileChannel out =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
          long before = out.size();
          if (before > MAX_BYTES) {
            return;
          }
          if (before + bytes.remaining() > MAX_BYTES) {
            bytes =
                ByteBuffer.wrap(
                    " !     The output is longer than its limit; the rest is not kept.\n"
                        .getBytes(StandardCharsets.UTF_8));
            bytes = padded(bytes, MAX_BYTES + 1 - before);
          }
          while (bytes.hasRemaining()) {
            began |= out.write(bytes) > 0;
          }
        }
        torn.remove(build);
        lossy = false;
      } catch (IOException failed) {
        if (!DiskSpace.isFull(failed)) {
          throw new UncheckedIOException(failed);
        }
        if (began) {
          torn.add(build);
        }
        if (!lossy) {
          lossy = true;
          LOG.atError().addKeyValue("why", failed).log("no room for the output of builds");
        }
      }
    }
    wake(build);
  }

  /** Makes the file longer than its limit, which marks it as full also after a restart. */
  private static ByteBuffer padded(ByteBuffer line, long atLeast) {
    int size = (int) Math.max(line.remaining(), atLeast);
    ByteBuffer all = ByteBuffer.allocate(size);
    all.put(line);
    while (all.hasRemaining()) {
      all.put((byte) '\n');
    }
    return all.flip();
  }

  /** Those who follow look again: lines came or the build ended. */
  public void wake(BuildId build) {
    followers.getOrDefault(build, List.of()).forEach(Runnable::run);
  }

  /** The same for all builds of an app. */
  public void wakeAll(AppName app) {
    followers.forEach(
        (build, all) -> {
          if (build.app().equals(app)) {
            all.forEach(Runnable::run);
          }
        });
  }

  /** Runs {@code onChange} after each change until the answer is closed; it must not block. */
  public Subscription follow(BuildId build, Runnable onChange) {
    followers.computeIfAbsent(build, first -> new CopyOnWriteArrayList<>()).add(onChange);
    return () ->
        followers.computeIfPresent(
            build,
            (same, all) -> {
              all.remove(onChange);
              return all.isEmpty() ? null : all;
            });
  }

  /** Ends the following. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** At most {@code max} bytes from {@code offset} on; empty when there is nothing yet. */
  public byte[] read(BuildId build, long offset, int max) {
    try (FileChannel in = FileChannel.open(file(build), StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(max, in.size() - offset)));
      in.read(bytes, offset);
      byte[] read = new byte[bytes.position()];
      bytes.flip().get(read);
      return read;
    } catch (NoSuchFileException none) {
      return new byte[0];
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Removes all of an app's output. */
  public void delete(AppName app) {
    synchronized (this) {
      torn.removeIf(build -> build.app().equals(app));
    }
    Path own = folder.resolve(app.value());
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(own);
    } catch (NoSuchFileException already) {
      return;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path file(BuildId build) {
    return folder.resolve(build.app().value()).resolve(build.number() + ".log");
  }
}
