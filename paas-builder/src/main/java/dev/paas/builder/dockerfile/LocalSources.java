package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What COPY and ADD name in the repository. The names are collected and looked up together, so that
 * each folder of the tree is read once however many they are; they are looked up before anything
 * runs, so that mistakes are found with their line.
 */
final class LocalSources {

  private static final Pattern REMOTE =
      Pattern.compile("(?i)(https?|ftp|git|ssh)://.*|git@[^/]+:.*", Pattern.DOTALL);
  private static final int MAGIC_BYTES = 262;
  private static final String USTAR = "ustar";

  /** So many files are compared with a name that is missing. */
  private static final int COMPARED = 2000;

  /** Where each path is written first, in the file's order. */
  private final Map<String, Text> wanted = new LinkedHashMap<>();

  private final Map<String, Text> added = new LinkedHashMap<>();

  /** A source of COPY, which must be there. */
  void copied(Text written, String path) {
    wanted.putIfAbsent(path, written);
  }

  /** A source of ADD, which must not be what Docker would download or unpack. */
  void added(Text written, String source, String path, boolean isPattern) {
    if (REMOTE.matcher(source).matches()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.add-remote",
          "ADD of a URL is not supported",
          "Use RUN curl -fsSLO URL, or commit the file and COPY it.");
    }
    if (isPattern) {
      // Among what matches might be an archive.
      throw written.problem(
          Kind.INVALID,
          "dockerfile.add-wildcard",
          "ADD of a pattern is not supported",
          "Use COPY, which takes the same files and unpacks nothing.");
    }
    added.putIfAbsent(path, written);
    copied(written, path);
  }

  /** Refuses the first that is not there, or not plain. */
  void check(SourceTree tree) throws IOException {
    Set<String> found =
        tree.lookUp(
            wanted.keySet(),
            entry -> {
              Text written = added.get(entry.path());
              if (written != null && entry.isFile() && isArchive(entry)) {
                throw written.problem(
                    Kind.INVALID,
                    "dockerfile.add-archive",
                    "ADD does not unpack archives here",
                    "Use COPY and RUN tar -xf, or commit the unpacked files.");
              }
            });
    for (Map.Entry<String, Text> source : wanted.entrySet()) {
      if (!found.contains(source.getKey())) {
        throw missing(tree, source.getKey(), source.getValue());
      }
    }
  }

  private static PaasException missing(SourceTree tree, String path, Text written)
      throws IOException {
    List<String> there = new ArrayList<>();
    tree.first(COMPARED, entry -> there.add(entry.path()));
    String fix =
        Nearest.to(path, there)
            .map(near -> "Did you mean " + near + "?")
            .orElse(
                "Commit the file, or correct the path; it begins at the root of the repository.");
    return written.problem(
        Kind.INVALID,
        "dockerfile.copy-missing",
        "There is no " + Problem.printable(path) + " in the commit",
        fix);
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
