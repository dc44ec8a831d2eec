package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Looks at what COPY and ADD take from the source tree, so that mistakes are found with their line.
 */
final class CopySources {

  private static final Pattern REMOTE =
      Pattern.compile("(?i)(https?|ftp|git|ssh)://.*|git@[^/]+:.*");
  private static final int MAGIC_BYTES = 262;
  private static final String USTAR = "ustar";

  private final SourceTree tree;

  CopySources(SourceTree tree) {
    this.tree = tree;
  }

  /** Refuses a source that is not there. */
  void mustExist(Text written, String path) throws IOException {
    if (ContextPath.hasWildcard(path) || tree.hasDirectory(path) || tree.find(path).isPresent()) {
      return;
    }
    List<String> there = new ArrayList<>();
    tree.forEach(entry -> there.add(entry.path()));
    String fix =
        Nearest.to(path, there)
            .map(near -> "Did you mean " + near + "?")
            .orElse(
                "Commit the file, or correct the path; it begins at the root of the repository.");
    throw written.problem("dockerfile.copy-missing", "There is no " + path + " in the commit", fix);
  }

  /** Refuses what Docker's ADD would download or unpack. */
  void mustBePlain(Text written, String source, String path) throws IOException {
    if (REMOTE.matcher(source).matches()) {
      throw written.problem(
          "dockerfile.add-remote",
          "ADD of a URL is not supported",
          "Use RUN curl -fsSLO URL, or commit the file and COPY it.");
    }
    if (ContextPath.hasWildcard(path)) {
      // Among what matches might be an archive.
      throw written.problem(
          "dockerfile.add-wildcard",
          "ADD of a pattern is not supported",
          "Use COPY, which takes the same files and unpacks nothing.");
    }
    Optional<SourceTree.Entry> entry = tree.find(path);
    if (entry.isPresent() && entry.get().isFile() && isArchive(entry.get())) {
      throw written.problem(
          "dockerfile.add-archive",
          "ADD does not unpack archives here",
          "Use COPY and RUN tar -xf, or commit the unpacked files.");
    }
  }

  private static boolean isArchive(SourceTree.Entry entry) throws IOException {
    byte[] head;
    try (InputStream in = entry.content().open()) {
      head = in.readNBytes(MAGIC_BYTES);
    }
    return begins(head, 0x1f, 0x8b) // gzip, RFC 1952
        || begins(head, 'B', 'Z', 'h')
        || begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)
        || (head.length == MAGIC_BYTES
            && new String(Arrays.copyOfRange(head, 257, MAGIC_BYTES), StandardCharsets.US_ASCII)
                .equals(USTAR));
  }

  private static boolean begins(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
