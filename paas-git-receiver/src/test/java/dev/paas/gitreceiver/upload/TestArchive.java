package dev.paas.gitreceiver.upload;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A ustar archive (POSIX.1-1988) with whatever entries, hostile ones too. */
final class TestArchive {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  TestArchive file(String path, String content) {
    return entry(path, '0', 0644, "", content.getBytes(StandardCharsets.UTF_8));
  }

  TestArchive program(String path, String content) {
    return entry(path, '0', 0755, "", content.getBytes(StandardCharsets.UTF_8));
  }

  TestArchive link(char type, String path, String target) {
    return entry(path, type, 0777, target, new byte[0]);
  }

  TestArchive entry(String path, char type, int mode, String link, byte[] content) {
    byte[] head = new byte[BLOCK];
    put(head, 0, path);
    put(head, 100, octal(mode, 7));
    put(head, 108, octal(0, 7));
    put(head, 116, octal(0, 7));
    put(head, 124, octal(content.length, 11));
    put(head, 136, octal(0, 11));
    put(head, 148, "        ");
    head[156] = (byte) type;
    put(head, 157, link);
    put(head, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    put(head, 148, octal(sum, 6) + "\0 ");
    bytes.writeBytes(head);
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  private static String octal(int number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", number);
  }

  private static void put(byte[] head, int at, String text) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(raw, 0, head, at, raw.length);
  }

  byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes.toByteArray());
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }

  InputStream stream() {
    return new ByteArrayInputStream(bytes());
  }
}
