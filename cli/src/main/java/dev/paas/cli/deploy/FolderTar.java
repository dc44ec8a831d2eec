package dev.paas.cli.deploy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;

/**
 * A folder's files as a tar (POSIX.1-2001 pax), made while it is read: nothing is kept but the file
 * that is under way. Links are sent as links; owners and times are not sent.
 */
final class FolderTar extends InputStream {

  private static final int BLOCK = 512;

  /** What ustar has room for: a name, and eleven octal digits. */
  private static final int NAME = 100;

  private static final long MAX_SIZE = (1L << 33) - 1;

  private final SourceFolder folder;
  private final Iterator<String> paths;
  private InputStream current = InputStream.nullInputStream();
  private String file = "";
  private long left;
  private int padding;
  private boolean ended;

  FolderTar(SourceFolder folder) {
    this.folder = folder;
    this.paths = folder.paths().iterator();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      int count = current.read(target, offset, length);
      if (count >= 0) {
        return count;
      }
      current.close();
      if (!advance()) {
        return -1;
      }
    }
  }

  /** Goes on with a file's content, then its padding, then the next file, then the end mark. */
  private boolean advance() throws IOException {
    if (left > 0) {
      current = new Exactly(Files.newInputStream(folder.path(file)), left);
      left = 0;
    } else if (padding > 0) {
      current = new ByteArrayInputStream(new byte[padding]);
      padding = 0;
    } else if (paths.hasNext()) {
      file = paths.next();
      current = new ByteArrayInputStream(head(folder.path(file)));
    } else if (!ended) {
      ended = true;
      current = new ByteArrayInputStream(new byte[2 * BLOCK]);
    } else {
      return false;
    }
    return true;
  }

  private byte[] head(Path path) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (Files.isSymbolicLink(path)) {
      byte[] target = bytes(Files.readSymbolicLink(path).toString());
      pax(out, target);
      header(out, bytes(file), '2', 0777, 0, target);
      return out.toByteArray();
    }
    left = Files.size(path);
    if (left > MAX_SIZE) {
      throw new IOException(file + " is larger than 8 GiB");
    }
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    pax(out, new byte[0]);
    header(out, bytes(file), '0', Files.isExecutable(path) ? 0755 : 0644, left, new byte[0]);
    return out.toByteArray();
  }

  /** Says what ustar has no room for. */
  private void pax(ByteArrayOutputStream out, byte[] target) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    if (bytes(file).length > NAME) {
      record(records, "path", bytes(file));
    }
    if (target.length > NAME) {
      record(records, "linkpath", target);
    }
    if (records.size() > 0) {
      header(out, bytes("pax"), 'x', 0644, records.size(), new byte[0]);
      out.writeBytes(records.toByteArray());
      out.writeBytes(new byte[(BLOCK - records.size() % BLOCK) % BLOCK]);
    }
  }

  /** {@code LENGTH key=value\n}, where the length counts its own digits. */
  private static void record(ByteArrayOutputStream out, String key, byte[] value) {
    int rest = key.length() + value.length + 3;
    int length = rest + String.valueOf(rest).length();
    length = rest + String.valueOf(length).length();
    out.writeBytes(bytes(length + " " + key + "="));
    out.writeBytes(value);
    out.write('\n');
  }

  private static void header(
      ByteArrayOutputStream out, byte[] name, char type, int mode, long size, byte[] target) {
    byte[] head = new byte[BLOCK];
    System.arraycopy(name, 0, head, 0, Math.min(name.length, NAME));
    put(head, 100, octal(mode, 7));
    put(head, 108, octal(0, 7));
    put(head, 116, octal(0, 7));
    put(head, 124, octal(size, 11));
    put(head, 136, octal(0, 11));
    put(head, 148, "        ");
    head[156] = (byte) type;
    System.arraycopy(target, 0, head, 157, Math.min(target.length, NAME));
    put(head, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    put(head, 148, octal(sum, 6) + "\0 ");
    out.writeBytes(head);
  }

  private static String octal(long number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", number);
  }

  private static void put(byte[] head, int at, String text) {
    byte[] raw = bytes(text);
    System.arraycopy(raw, 0, head, at, raw.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    current.close();
  }

  /** As many bytes of a file as its header says, also when somebody writes to it meanwhile. */
  private static final class Exactly extends InputStream {

    private final InputStream in;
    private long wanted;

    Exactly(InputStream in, long wanted) {
      this.in = in;
      this.wanted = wanted;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (wanted == 0) {
        return -1;
      }
      int count = in.read(target, offset, (int) Math.min(length, wanted));
      if (count < 0) {
        throw new IOException("a file became shorter while it was read");
      }
      wanted -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
