package dev.paas.runtime.tree;

import dev.paas.runtime.content.Sha256;
import java.nio.file.Path;

/**
 * A stored source tree.
 *
 * @param digest of the canonical tar it came as
 * @param directory its files, owned by 0:0
 * @param entries every file, link and directory, without the root
 * @param bytes sum of the files
 */
public record Tree(Sha256 digest, Path directory, TreeEntries entries, long bytes) {}
