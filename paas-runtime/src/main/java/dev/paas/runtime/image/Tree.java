package dev.paas.runtime.image;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A stored source tree.
 *
 * @param digest of the canonical tar it came as
 * @param directory its files, owned by 0:0
 * @param entries every file, link and directory by raw path, without the root
 * @param bytes sum of the files
 */
public record Tree(
    Sha256 digest, Path directory, SortedMap<String, TreeEntry> entries, long bytes) {

  public Tree {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }
}
