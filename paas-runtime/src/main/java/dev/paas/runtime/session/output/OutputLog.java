package dev.paas.runtime.session.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The log that a session's monitor writes, and at which position of the output it begins: the
 * monitor puts an empty file in its place when it becomes too large. The file that was is held open
 * until its bytes are counted. When it was replaced while no daemon looked, where the new one
 * begins is not known: it is said to be as far behind the old one as that could have grown, so that
 * nobody takes what is in it for what they have already.
 */
public final class OutputLog implements AutoCloseable {

  private final Path file;
  private final Path note;

  /** Guarded by this. */
  private FileChannel open;

  private Object key;
  private long base;
  private long looks;
  private boolean over;

  private OutputLog(Path file, Path note, Current now) {
    this.file = file;
    this.note = note;
    this.open = now.file();
    this.key = now.key();
    this.base = now.base();
  }

  /**
   * A file as it is now.
   *
   * @param key what it is told from another by that has its name
   * @param base how many bytes were printed before those of this file
   */
  public record Current(FileChannel file, Object key, long base) {}

  /**
   * Makes an empty log in a folder, or finds the one that is there.
   *
   * @param most bytes of output that a file has before another takes its place
   */
  public static OutputLog in(Path folder, long most) throws IOException {
    Path file = folder.resolve("log");
    Path note = folder.resolve("base");
    if (!Files.exists(note)) {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      write(note, 0, key(file));
    }
    String[] noted = Files.readString(note).split(" ", 2);
    long base = Long.parseLong(noted[0]);
    Current now = current(file, base);
    if (!noted[1].equals(now.key().toString())) {
      now = new Current(now.file(), now.key(), base + most);
      write(note, now.base(), now.key());
    }
    return new OutputLog(file, note, now);
  }

  private static void write(Path note, long base, Object key) throws IOException {
    Path made = note.resolveSibling("base.new");
    Files.write(made, (base + " " + key).getBytes(UTF_8));
    Files.move(made, note, StandardCopyOption.ATOMIC_MOVE);
  }

  public Path file() {
    return file;
  }

  private static Current current(Path file, long base) throws IOException {
    while (true) {
      Object before = key(file);
      FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
      if (before.equals(key(file))) {
        return new Current(opened, before, base);
      }
      opened.close();
    }
  }

  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    if (key == null) {
      throw new NoSuchFileException(file.toString());
    }
    return key;
  }

  /** Something may have been written. */
  public synchronized void look() throws IOException {
    looks++;
    notifyAll();
    follow();
  }

  private void follow() throws IOException {
    if (over || key(file).equals(key)) {
      return;
    }
    long counted = base + LogRecords.length(open);
    Current now = current(file, counted);
    open.close();
    open = now.file();
    key = now.key();
    base = counted;
    write(note, base, key);
  }

  /** The file as it is now, for a reader that closes it. */
  public synchronized Current current() throws IOException {
    while (true) {
      follow();
      Current now = current(file, base);
      if (now.key().equals(key)) {
        return now;
      }
      now.file().close();
    }
  }

  /** Whether this is still the file that is written to. */
  public synchronized boolean isCurrent(Object seen) throws IOException {
    follow();
    return key.equals(seen);
  }

  /** All that was printed so far, in bytes. */
  public synchronized long total() throws IOException {
    follow();
    return base + LogRecords.length(open);
  }

  public synchronized long looks() {
    return looks;
  }

  /** Whether nothing more will be written. */
  public synchronized boolean isOver() {
    return over;
  }

  /** Nothing more will be written. */
  public synchronized void end() throws IOException {
    try {
      follow();
    } finally {
      over = true;
      notifyAll();
    }
  }

  /** Returns when there was a look after those that were seen, or nothing more will be written. */
  public synchronized void await(long seen) throws InterruptedException {
    while (looks == seen && !over) {
      wait();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    open.close();
  }
}
