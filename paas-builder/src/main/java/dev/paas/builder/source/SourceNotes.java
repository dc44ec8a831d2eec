package dev.paas.builder.source;

import dev.paas.base.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a tree lacks that its author may expect in it: files that git keeps elsewhere. A tree is
 * walked for it only when a file at its root speaks of such.
 */
public final class SourceNotes {

  /** The first line of a file that stands for another (git-lfs, docs/spec.md). */
  private static final byte[] POINTER =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);

  /** A pointer is smaller than this, in bytes (the same document). */
  private static final int POINTER_SIZE = 1024;

  /** How much of a .gitattributes is read, in bytes. */
  private static final int ATTRIBUTES = 64 << 10;

  /** How many files are looked at: what is said is a help, and no check. */
  private static final int LOOKED_AT = 20_000;

  /** How many files are named. */
  private static final int NAMED = 3;

  private SourceNotes() {}

  /** Sentences for the person who deploys; none is the usual case. */
  public static List<String> of(SourceTree tree) throws IOException {
    boolean modules = tree.find(".gitmodules").isPresent();
    boolean largeFiles = speaksOfLargeFiles(tree);
    List<String> submodules = new ArrayList<>();
    List<String> pointers = new ArrayList<>();
    if (modules || largeFiles) {
      tree.first(
          LOOKED_AT,
          entry -> {
            if (entry.kind() == SourceTree.Kind.SUBMODULE) {
              submodules.add(entry.path());
            } else if (largeFiles && entry.isFile() && isPointer(entry.content())) {
              pointers.add(entry.path());
            }
          });
    }
    List<String> notes = new ArrayList<>();
    if (!submodules.isEmpty()) {
      notes.add(
          "Submodules are not fetched; these folders are empty: "
              + named(submodules)
              + ". Deploy a folder that has their files (paas deploy), or put them into the"
              + " repository.");
    }
    if (!pointers.isEmpty()) {
      notes.add(
          "Files of git-lfs are not here; these are pointers to them: "
              + named(pointers)
              + ". Store them in git, deploy a folder that has them (paas deploy), or have the app"
              + " fetch them.");
    }
    return notes;
  }

  private static boolean speaksOfLargeFiles(SourceTree tree) throws IOException {
    Optional<SourceTree.Entry> attributes = tree.find(".gitattributes");
    if (attributes.isEmpty() || !attributes.get().isFile()) {
      return false;
    }
    try (InputStream in = attributes.get().content().open()) {
      return new String(in.readNBytes(ATTRIBUTES), StandardCharsets.UTF_8).contains("filter=lfs");
    }
  }

  private static boolean isPointer(SourceTree.Content content) throws IOException {
    if (content.size() >= POINTER_SIZE) {
      return false;
    }
    try (InputStream in = content.open()) {
      return Arrays.equals(in.readNBytes(POINTER.length), POINTER);
    }
  }

  private static String named(List<String> paths) {
    String some =
        Problem.printable(String.join(", ", paths.subList(0, Math.min(NAMED, paths.size()))));
    return paths.size() > NAMED ? some + " and " + (paths.size() - NAMED) + " more" : some;
  }
}
