package dev.paas.runtime.linux.file;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The extended attributes of a name in a directory, of the link itself when it is one. */
final class ExtendedAttributes {

  /** linux/limits.h: XATTR_SIZE_MAX is 64 KiB, XATTR_LIST_MAX too. */
  private static final int XATTR_MAX = 64 << 10;

  /** Tried first: capabilities have 24 bytes. */
  private static final int SMALL_ATTRIBUTE = 256;

  private static final int SMALL_LIST = 1024;

  private final String file;
  private final byte[] path;

  private ExtendedAttributes(String file, byte[] path) {
    this.file = file;
    this.path = path;
  }

  /** These calls have no *at form: the descriptor's magic link stands for the directory. */
  static ExtendedAttributes of(Directory directory, String file) {
    return new ExtendedAttributes(file, RawPath.c("/proc/self/fd/" + directory.fd() + "/" + file));
  }

  List<String> names() throws IOException {
    byte[] list = new byte[SMALL_LIST];
    long n = C.llistxattr(path, list, list.length);
    if (n < 0) {
      list = new byte[XATTR_MAX];
      n = C.llistxattr(path, list, list.length);
    }
    if (n < 0) {
      FileCallException e = Directory.failure("listxattr", file);
      if (e.is(FileCallException.EOPNOTSUPP)) {
        return List.of();
      }
      throw e;
    }
    if (n == 0) {
      return List.of();
    }
    String names = new String(list, 0, (int) n, StandardCharsets.ISO_8859_1);
    return Arrays.stream(names.split("\0")).filter(each -> !each.isEmpty()).sorted().toList();
  }

  Optional<byte[]> get(String attribute) {
    byte[] value = new byte[SMALL_ATTRIBUTE];
    long size = C.lgetxattr(path, RawPath.c(attribute), value, value.length);
    if (size < 0) {
      value = new byte[XATTR_MAX];
      size = C.lgetxattr(path, RawPath.c(attribute), value, value.length);
    }
    return size < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(value, (int) size));
  }

  void set(String attribute, byte[] value) throws IOException {
    int result = C.lsetxattr(path, RawPath.c(attribute), value, value.length, 0);
    Directory.check("setxattr", file, result);
  }

  void remove(String attribute) throws IOException {
    Directory.check("removexattr", file, C.lremovexattr(path, RawPath.c(attribute)));
  }
}
