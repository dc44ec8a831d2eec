package dev.paas.runtime.tree;

import dev.paas.runtime.content.Sha256;

/**
 * A file of a stored source tree.
 *
 * @param mode permission bits
 * @param content digest of a file's content; the digest of a link's target text for a link; of
 *     nothing for a directory
 * @param link a symbolic link's target, raw; empty otherwise
 */
public record TreeEntry(Type type, int mode, long size, Sha256 content, String link) {

  /** What git knows, and nothing else. */
  public enum Type {
    FILE,
    DIRECTORY,
    SYMLINK
  }
}
