package dev.paas.runtime.linux.file;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the names in a directory as the kernel writes them (getdents64(2)). */
final class DirectoryEntries {

  /** Names are read piece by piece, in bytes: a walk has one for each level that it is below. */
  private static final int DENTS = 1 << 14;

  private DirectoryEntries() {}

  /** Takes one name after the other as bytes; false ends it. */
  interface Visitor {
    boolean take(byte[] dents, int start, int length, int type) throws IOException;
  }

  /** Takes all names but {@code .} and {@code ..}. False: the visitor ended it. */
  static boolean read(Directory directory, Visitor visitor) throws IOException {
    try (Directory again = directory.openBeneath("")) {
      byte[] buffer = new byte[DENTS];
      while (true) {
        int n =
            (int)
                Directory.retried(
                    "getdents",
                    directory.name(),
                    () -> C.getdents64(again.fd(), buffer, buffer.length));
        if (n == 0) {
          return true;
        }
        ByteBuffer b = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
        for (int at = 0; at < n; at += b.getShort(at + 16) & 0xffff) {
          int start = at + 19;
          int length = 0;
          while (buffer[start + length] != 0) {
            length++;
          }
          int type = (buffer[at + 18] & 0xff) << 12;
          if (!isDots(buffer, start, length) && !visitor.take(buffer, start, length, type)) {
            return false;
          }
        }
      }
    }
  }

  private static boolean isDots(byte[] name, int start, int length) {
    return name[start] == '.' && (length == 1 || (length == 2 && name[start + 1] == '.'));
  }
}
