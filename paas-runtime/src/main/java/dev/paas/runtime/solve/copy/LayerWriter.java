package dev.paas.runtime.solve.copy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.tree.TreeWalk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes what a step adds into a layer directory, as overlay would have: directories that the root
 * filesystem already has keep their owner and mode. Times are those of the sources, or fixed, so
 * that equal copies are equal layers.
 */
public final class LayerWriter implements AutoCloseable {

  /** 2000-01-01T00:00:00Z: what the canonical tars of source trees use. */
  private static final long FIXED_TIME = 946_684_800L;

  /** What is kept of a file of several names takes about so much besides its path. */
  private static final int LINK = 128;

  private final Directory view;
  private final Directory stage;

  /** The destinations, which get their times at the end; those below them have theirs already. */
  private final Map<String, Time> directories = new LinkedHashMap<>();

  private record Time(long seconds, int nanos) {}

  /**
   * @param view the root filesystem below the new layer
   * @param stage the new layer, empty
   */
  public LayerWriter(Directory view, Directory stage) {
    this.view = view;
    this.stage = stage;
  }

  /** Of a directory that is not there yet. */
  private record Attributes(Owner owner, int mode) {}

  private interface Making {
    Attributes of(String path) throws IOException;
  }

  /** Makes a directory and its parents; what is there stays as it is. */
  public void makeDirectories(String path, Owner owner) throws IOException {
    makeDirectories("", path, made -> new Attributes(owner, 0755));
  }

  /** Makes the directories that keep the place of a source, as they are where it comes from. */
  void makeParents(CopySource source, SourceNames.Found found, String to, CopiedAs as)
      throws IOException {
    Owner unknown = as.owner().orElse(Owner.ROOT);
    makeDirectories(
        to,
        found.below(),
        made -> {
          String below = to.isEmpty() ? made : made.substring(to.length() + 1);
          Optional<FileStatus> there = source.status(RawPath.join(found.base(), below));
          if (there.isEmpty() || !there.get().isDirectory()) {
            return new Attributes(unknown, 0755);
          }
          FileStatus status = there.get();
          return new Attributes(
              as.owner().orElse(new Owner(status.uid(), status.gid())),
              as.mode().of(status.permissions(), true));
        });
  }

  private void makeDirectories(String from, String below, Making making) throws IOException {
    if (directories.containsKey(RawPath.join(from, below))) {
      return;
    }
    String at = from;
    for (String segment : below.split("/")) {
      if (segment.isEmpty()) {
        continue;
      }
      Optional<Directory> parent = stage.findBeneath(at);
      Optional<Directory> seen = view.findBeneath(at);
      try {
        Directory inStage = parent.orElseThrow();
        String made = RawPath.join(at, segment);
        Attributes attributes = making.of(made);
        directory(inStage, seen, segment, made, attributes.owner(), attributes.mode());
        if (!directories.containsKey(made)) {
          Optional<Directory> present =
              seen.isPresent() ? seen.get().findBeneath(segment) : Optional.empty();
          try {
            directories.put(made, timeOf(present));
          } finally {
            present.ifPresent(Directory::close);
          }
        }
      } finally {
        parent.ifPresent(Directory::close);
        seen.ifPresent(Directory::close);
      }
      at = RawPath.join(at, segment);
    }
  }

  /** One directory in an open parent: kept, repeated from the view, or made. */
  private void directory(
      Directory parent, Optional<Directory> seen, String name, String path, Owner owner, int mode)
      throws IOException {
    Optional<FileStatus> staged = parent.status(name);
    if (staged.isPresent()) {
      requireDirectory(staged.get(), path);
      return;
    }
    Optional<FileStatus> present = seen.isPresent() ? seen.get().status(name) : Optional.empty();
    parent.makeDirectory(name, 0700);
    if (present.isPresent()) {
      requireDirectory(present.get(), path);
      FileStatus status = present.get();
      parent.setOwner(name, status.uid(), status.gid());
      parent.setMode(name, status.permissions());
    } else {
      parent.setOwner(name, owner.uid(), owner.gid());
      parent.setMode(name, mode);
    }
  }

  private static void requireDirectory(FileStatus status, String path) {
    if (!status.isDirectory()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.copy-onto-file",
              "A directory can't take the place of a file",
              "/" + RawPath.text(path),
              "Copy to another path, or remove the file in a step before.")
          .asException();
    }
  }

  /**
   * Copies the content of a directory into a directory, which exists in the stage.
   *
   * @param as what becomes of owners and modes
   * @param leftOut which paths below it are not copied
   */
  void copyContent(
      CopySource source, String from, String to, CopiedAs as, Predicate<String> leftOut)
      throws IOException {
    Optional<Directory> seen = view.findBeneath(to);
    try (Directory in = source.root().openBeneath(from);
        Directory out = stage.openBeneath(to)) {
      new Copying(source, from, to, as, leftOut).run(in, out, seen);
    } finally {
      seen.ifPresent(Directory::close);
    }
  }

  /** Copies as a walk comes along; keeps what is open of the destination down to where it is. */
  private final class Copying implements TreeWalk.Visitor {
    private final CopySource source;
    private final String from;
    private final String to;
    private final CopiedAs as;
    private final Predicate<String> leftOut;
    private final Deque<Level> levels = new ArrayDeque<>();

    /** Where a file of several names was copied to first, by its inode. */
    private final Map<Long, String> first = new HashMap<>();

    private record Level(Directory out, Optional<Directory> seen) {}

    Copying(CopySource source, String from, String to, CopiedAs as, Predicate<String> leftOut) {
      this.source = source;
      this.from = from;
      this.to = to;
      this.as = as;
      this.leftOut = leftOut;
    }

    void run(Directory in, Directory out, Optional<Directory> seen) throws IOException {
      levels.push(new Level(out, seen));
      try {
        TreeWalk.below(in, source.room(), this);
      } finally {
        while (levels.size() > 1) {
          close(levels.pop());
        }
      }
    }

    @Override
    public boolean visit(Directory in, String name, String path, FileStatus status)
        throws IOException {
      if (!source.includes(RawPath.join(from, path)) || leftOut.test(path)) {
        return false;
      }
      Level level = levels.element();
      String target = RawPath.join(to, path);
      if (!status.isDirectory()) {
        if (!isLinked(status, level, name, target)) {
          copyFile(source, in, name, status, level.out(), level.seen(), name, target, as);
        }
        return false;
      }
      Owner its = as.owner().orElse(new Owner(status.uid(), status.gid()));
      int mode = as.mode().of(status.permissions(), true);
      directory(level.out(), level.seen(), name, target, its, mode);
      Optional<Directory> seenInside =
          level.seen().isPresent() ? level.seen().get().findBeneath(name) : Optional.empty();
      levels.push(new Level(level.out().openBeneath(name), seenInside));
      return true;
    }

    @Override
    public void leave(String path) throws IOException {
      Level level = levels.pop();
      // Every file in it has changed the directory's time.
      Time time = timeOf(level.seen());
      level.out().setTime(".", time.seconds(), time.nanos());
      close(level);
    }

    /** Makes one more name for a file that was copied before, which saves its bytes. */
    private boolean isLinked(FileStatus status, Level level, String name, String target)
        throws IOException {
      if (source.isTree() || !status.isRegular() || status.links() < 2) {
        return false;
      }
      String copied = first.get(status.inode());
      if (copied == null) {
        source.room().take(LINK + 2L * target.length());
        first.put(status.inode(), target);
        return false;
      }
      clear(level.out(), level.seen(), name, target);
      try (Directory beside = stage.openBeneath(RawPath.parent(copied))) {
        return linked(beside, RawPath.name(copied), level.out(), name);
      }
    }

    private static void close(Level level) {
      level.out().close();
      level.seen().ifPresent(Directory::close);
    }
  }

  /** A directory has the time that it has in the view, or a fixed one when it is new. */
  private static Time timeOf(Optional<Directory> seen) throws IOException {
    if (seen.isEmpty()) {
      return new Time(FIXED_TIME, 0);
    }
    FileStatus status = seen.get().status();
    return new Time(status.mtimeSeconds(), status.mtimeNanos());
  }

  /** Copies one file to a path whose parent exists in the stage. */
  void copyFile(CopySource source, String from, String to, CopiedAs as) throws IOException {
    Optional<Directory> seen = view.findBeneath(RawPath.parent(to));
    try (Directory in = source.root().openBeneath(RawPath.parent(from));
        Directory out = stage.openBeneath(RawPath.parent(to))) {
      String name = RawPath.name(from);
      FileStatus status =
          in.status(name).orElseThrow(() -> new IOException("source is gone: " + from));
      copyFile(source, in, name, status, out, seen, RawPath.name(to), to, as);
    } finally {
      seen.ifPresent(Directory::close);
    }
  }

  private void copyFile(
      CopySource source,
      Directory in,
      String name,
      FileStatus status,
      Directory out,
      Optional<Directory> seen,
      String newName,
      String path,
      CopiedAs as)
      throws IOException {
    clear(out, seen, newName, path);
    Owner its = as.owner().orElse(new Owner(status.uid(), status.gid()));
    int mode = as.mode().of(status.permissions(), false);
    switch (status.type()) {
      case FileStatus.REGULAR -> regular(source, in, name, status, out, newName, its, mode);
      case FileStatus.SYMLINK -> {
        out.makeSymlink(in.readLink(name), newName);
        out.setOwner(newName, its.uid(), its.gid());
        out.setTime(newName, status.mtimeSeconds(), status.mtimeNanos());
      }
      case FileStatus.FIFO -> {
        out.makeFifo(newName);
        out.setOwner(newName, its.uid(), its.gid());
        out.setMode(newName, mode);
      }
      default -> {
        // Sockets and devices mean nothing outside the process that made them.
      }
    }
  }

  /** Takes away what an earlier source has put where a file is to go. */
  private static void clear(Directory out, Optional<Directory> seen, String name, String path)
      throws IOException {
    Optional<FileStatus> present = seen.isPresent() ? seen.get().status(name) : Optional.empty();
    Optional<FileStatus> staged = out.status(name);
    if (staged.or(() -> present).map(FileStatus::isDirectory).orElse(false)) {
      throw ontoDirectory(path);
    }
    if (staged.isPresent()) {
      out.remove(name);
    }
  }

  private static void regular(
      CopySource source,
      Directory in,
      String name,
      FileStatus status,
      Directory out,
      String target,
      Owner owner,
      int mode)
      throws IOException {
    boolean same = owner.equals(Owner.ROOT) && mode == status.permissions();
    if (source.isTree() && same && linked(in, name, out, target)) {
      return;
    }
    try (FileHandle from = in.read(name);
        FileHandle to = out.create(target)) {
      to.copyFrom(from, status.size());
      // chown clears setuid and capabilities, so it comes first.
      to.setOwner(owner.uid(), owner.gid());
      to.setMode(mode);
    }
    if (!source.isTree()) {
      Optional<byte[]> capability = in.attribute(name, "security.capability");
      if (capability.isPresent()) {
        out.setAttribute(target, "security.capability", capability.get());
      }
    }
    out.setTime(target, status.mtimeSeconds(), status.mtimeNanos());
  }

  /** A stored tree and a layer are both read-only for ever: they can share the file itself. */
  private static boolean linked(Directory in, String name, Directory out, String target)
      throws IOException {
    try {
      out.link(in, name, target);
      return true;
    } catch (FileCallException e) {
      if (e.is(FileCallException.EXDEV, FileCallException.EMLINK)) {
        return false;
      }
      throw e;
    }
  }

  private static PaasException ontoDirectory(String path) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.copy-onto-directory",
            "A file can't take the place of a directory",
            "/" + RawPath.text(path),
            "End the destination with a slash to copy into the directory.")
        .asException();
  }

  /** Sets the destinations' times, which every file in them has changed. */
  @Override
  public void close() throws IOException {
    for (Map.Entry<String, Time> made : directories.entrySet()) {
      Time time = made.getValue();
      try (Directory directory = stage.openBeneath(made.getKey())) {
        directory.setTime(".", time.seconds(), time.nanos());
      }
    }
  }
}
