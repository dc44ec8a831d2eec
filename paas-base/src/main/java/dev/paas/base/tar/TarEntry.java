package dev.paas.base.tar;

import java.util.Map;

/**
 * One entry of a tar, decoded but not yet trusted.
 *
 * @param path raw (one character a byte), as written
 * @param link target of a hard or symbolic link, raw
 * @param attributes extended attributes by name
 */
public record TarEntry(
    String path,
    Type type,
    long size,
    int mode,
    int uid,
    int gid,
    long mtimeSeconds,
    int mtimeNanos,
    String link,
    Map<String, byte[]> attributes) {

  public enum Type {
    FILE,
    HARD_LINK,
    SYMLINK,
    DIRECTORY,
    FIFO,
    DEVICE
  }
}
