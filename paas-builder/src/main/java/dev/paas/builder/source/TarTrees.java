package dev.paas.builder.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/**
 * The canonical tar of a source tree: equal trees give equal bytes, so the tar's SHA-256 names the
 * tree.
 *
 * <p>POSIX ustar (IEEE Std 1003.1) with pax headers only where a name needs one. Entries are in the
 * order of their paths' bytes, each directory before its content; modes are 755 for directories and
 * executables, 644 for files, 777 for links; owner 0:0 without names; times are fixed (see {@link
 * Stamps}).
 */
public final class TarTrees {

  private TarTrees() {}

  /**
   * Writes the tar and answers with its digest, {@code sha256:…}. The stream is flushed, not
   * closed.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.source-too-large}, {@code
   *     build.too-many-files} or {@code build.bad-path}, when the tree is not acceptable; what was
   *     written until then is of no use
   */
  public static String write(SourceTree tree, SourceLimits limits, OutputStream out)
      throws IOException {
    DigestOutputStream digesting = new DigestOutputStream(out, Sha256.start());
    TarWriter tar = new TarWriter(digesting);
    Deque<String> open = new ArrayDeque<>();
    Stamps stamps = tree instanceof StampedTree stamped ? stamped.stamps() : Stamps.FIXED;
    long[] total = {0, 0};
    tree.forEach(
        entry -> {
          TreePath.check(entry.path());
          total[0] += entry.kind() == SourceTree.Kind.SUBMODULE ? 0 : entry.content().size();
          total[1]++;
          limits.check(total[0], (int) total[1]);
          directories(tar, open, entry.path());
          entry(tar, entry, stamps.of(entry));
        });
    tar.finish();
    digesting.flush();
    return "sha256:" + HexFormat.of().formatHex(digesting.getMessageDigest().digest());
  }

  /** The digest that {@link #write} would answer with. */
  public static String digest(SourceTree tree, SourceLimits limits) throws IOException {
    return write(tree, limits, OutputStream.nullOutputStream());
  }

  /** Writes the directories of this path that are not open yet. */
  private static void directories(TarWriter tar, Deque<String> open, String path)
      throws IOException {
    while (!open.isEmpty() && !path.startsWith(open.peek())) {
      open.pop();
    }
    int from = open.isEmpty() ? 0 : open.peek().length();
    for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      String directory = path.substring(0, slash + 1);
      tar.directory(directory, Stamps.FIXED_TIME);
      open.push(directory);
    }
  }

  private static void entry(TarWriter tar, SourceTree.Entry entry, long time) throws IOException {
    switch (entry.kind()) {
      case SUBMODULE -> tar.directory(entry.path() + "/", time);
      case LINK -> {
        try (InputStream in = entry.content().open()) {
          tar.link(entry.path(), in.readNBytes(TreePath.MAX_LINK_BYTES + 1), time);
        }
      }
      case FILE, EXECUTABLE -> {
        try (InputStream in = entry.content().open()) {
          int mode = entry.kind() == SourceTree.Kind.EXECUTABLE ? 0755 : 0644;
          tar.file(entry.path(), mode, entry.content().size(), in, time);
        }
      }
    }
  }
}
