package dev.paas.runtime.layer;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.tar.Extraction;
import dev.paas.runtime.tree.TreeWalk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes a layer's directory as an OCI layer tar: entries in the order of their bytes, numeric
 * owners, overlay's marks as whiteouts. The same files always give the same bytes, so the digest of
 * what is written is the layer's diff id.
 */
public final class LayerTar implements TreeWalk.Visitor {

  private static final int BLOCK = 512;
  private static final long MAX_OCTAL_SIZE = 077777777777L;
  private static final int MAX_OCTAL_ID = 07777777;

  private final OutputStream out;
  private final LinkedNames linked;
  private final NameRoom.Limits limits;
  private final byte[] buffer = new byte[1 << 16];
  private long fileBytes;
  private long written;
  private int entries;

  private LayerTar(OutputStream out, NameRoom.Share room) {
    this.out = out;
    this.linked = new LinkedNames(room);
    this.limits = room.limits();
  }

  /**
   * What a layer measures.
   *
   * @param bytes sum of its files
   * @param tarBytes length of its tar
   * @param entries 0: the layer changes nothing
   */
  public record Measure(Sha256 diffId, long bytes, long tarBytes, int entries) {}

  /** The digest and size of a layer, without keeping the tar. */
  public static Measure measure(Directory layer, NameRoom.Share room) throws IOException {
    return write(layer, OutputStream.nullOutputStream(), room);
  }

  /** Writes a layer's tar; the stream stays open. */
  public static Measure write(Directory layer, OutputStream out, NameRoom.Share room)
      throws IOException {
    MessageDigest digest = Sha256.algorithm();
    LayerTar tar = new LayerTar(new DigestOutputStream(out, digest), room);
    try {
      TreeWalk.below(layer, room, tar);
    } finally {
      tar.linked.close();
    }
    tar.put(new byte[2 * BLOCK], 2 * BLOCK);
    return new Measure(Sha256.finish(digest), tar.fileBytes, tar.written, tar.entries);
  }

  @Override
  public boolean visit(Directory in, String name, String path, FileStatus status)
      throws IOException {
    entries++;
    if (status.isWhiteout()) {
      mark(RawPath.join(RawPath.parent(path), ".wh." + name));
      return false;
    }
    switch (status.type()) {
      case FileStatus.DIRECTORY -> {
        directory(in, name, path, status);
        return true;
      }
      case FileStatus.REGULAR -> file(in, name, path, status);
      case FileStatus.SYMLINK -> header(path, '2', status, 0, in.readLink(name), Map.of());
      case FileStatus.FIFO -> header(path, '6', status, 0, "", Map.of());
      default -> entries--;
    }
    return false;
  }

  @Override
  public void leave(String path) {
    linked.leave();
  }

  /** A whiteout says one thing; whose it is and from when would only make equal layers differ. */
  private void mark(String path) throws IOException {
    FileStatus nothing = new FileStatus(FileStatus.REGULAR, 0, 0, 0, 1, 0, 0, 0, 0, 0);
    header(path, '0', nothing, 0, "", Map.of());
  }

  private void directory(Directory parent, String name, String path, FileStatus status)
      throws IOException {
    header(path + "/", '5', status, 0, "", kept(parent, name, path));
    if (parent.attribute(name, Extraction.OPAQUE_ATTRIBUTE).isPresent()) {
      mark(path + "/" + Extraction.OPAQUE);
    }
    linked.enter(name);
  }

  private void file(Directory parent, String name, String path, FileStatus status)
      throws IOException {
    if (status.links() > 1) {
      String first = linked.first(status.inode(), name);
      if (!first.isEmpty()) {
        header(path, '1', status, 0, first, Map.of());
        return;
      }
    }
    header(path, '0', status, status.size(), "", kept(parent, name, path));
    fileBytes += status.size();
    long left = status.size();
    try (FileHandle file = parent.read(name)) {
      while (left > 0) {
        int n = file.read(buffer);
        if (n < 0 || n > left) {
          throw new IOException("layer changed: " + RawPath.text(path));
        }
        put(buffer, n);
        left -= n;
      }
    }
    pad(status.size());
  }

  private Map<String, byte[]> kept(Directory parent, String name, String path) throws IOException {
    Map<String, byte[]> out = new TreeMap<>();
    long bytes = 0;
    for (String key : parent.attributeNames(name)) {
      Optional<byte[]> value =
          Extraction.keepsAttribute(key) ? parent.attribute(name, key) : Optional.empty();
      if (value.isPresent()) {
        out.put("SCHILY.xattr." + key, value.get());
        bytes += key.length() + value.get().length;
        if (bytes > limits.attributeBytes()) {
          throw tooManyAttributes(path);
        }
      }
    }
    return out;
  }

  private PaasException tooManyAttributes(String path) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.too-many-attributes",
            "The extended attributes of a file are longer than "
                + new DataSize(limits.attributeBytes()),
            "/" + RawPath.text(path),
            "Remove some in the step that sets them, or raise build.max-attributes.")
        .asException();
  }

  private void header(
      String path,
      char type,
      FileStatus status,
      long size,
      String link,
      Map<String, byte[]> attributes)
      throws IOException {
    Map<String, byte[]> pax = pax(path, status, size, link, attributes);
    if (!pax.isEmpty()) {
      byte[] records = records(pax);
      block("PaxHeaders/" + entries, 'x', 0644, 0, 0, records.length, 0, "");
      put(records, records.length);
      pad(records.length);
    }
    block(
        path,
        type,
        status.permissions(),
        status.uid(),
        status.gid(),
        size,
        Math.max(0, status.mtimeSeconds()),
        link);
  }

  /** What the block of an entry has no room for. */
  private static Map<String, byte[]> pax(
      String path, FileStatus status, long size, String link, Map<String, byte[]> attributes) {
    Map<String, byte[]> pax = new TreeMap<>(attributes);
    if (path.length() > 100) {
      pax.put("path", latin(path));
    }
    if (link.length() > 100) {
      pax.put("linkpath", latin(link));
    }
    if (size > MAX_OCTAL_SIZE) {
      pax.put("size", latin(Long.toString(size)));
    }
    if (Integer.compareUnsigned(status.uid(), MAX_OCTAL_ID) > 0) {
      pax.put("uid", latin(Integer.toUnsignedString(status.uid())));
    }
    if (Integer.compareUnsigned(status.gid(), MAX_OCTAL_ID) > 0) {
      pax.put("gid", latin(Integer.toUnsignedString(status.gid())));
    }
    if (status.mtimeNanos() != 0 && status.mtimeSeconds() >= 0) {
      pax.put("mtime", latin(String.format("%d.%09d", status.mtimeSeconds(), status.mtimeNanos())));
    }
    return pax;
  }

  private static byte[] records(Map<String, byte[]> pax) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    pax.forEach(
        (key, value) -> {
          int rest = key.getBytes(StandardCharsets.UTF_8).length + value.length + 3;
          int length = rest + Integer.toString(rest).length();
          if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length++;
          }
          all.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
          all.writeBytes(value);
          all.write('\n');
        });
    return all.toByteArray();
  }

  private void block(
      String path, char type, int mode, int uid, int gid, long size, long mtime, String link)
      throws IOException {
    byte[] h = new byte[BLOCK];
    text(h, 0, 100, path);
    octal(h, 100, 8, mode);
    octal(h, 108, 8, Integer.toUnsignedLong(uid) & MAX_OCTAL_ID);
    octal(h, 116, 8, Integer.toUnsignedLong(gid) & MAX_OCTAL_ID);
    octal(h, 124, 12, Math.min(size, MAX_OCTAL_SIZE));
    octal(h, 136, 12, Math.min(mtime, MAX_OCTAL_SIZE));
    h[156] = (byte) type;
    text(h, 157, 100, link);
    text(h, 257, 8, "ustar\00000");
    Arrays.fill(h, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : h) {
      sum += b & 0xff;
    }
    text(h, 148, 8, String.format("%06o\0 ", sum));
    put(h, BLOCK);
  }

  private static void text(byte[] block, int offset, int length, String text) {
    byte[] bytes = latin(text);
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, length));
  }

  private static void octal(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    text(block, offset, length, "0".repeat(length - 1 - digits.length()) + digits);
  }

  private static byte[] latin(String raw) {
    return raw.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void pad(long size) throws IOException {
    int padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    put(new byte[padding], padding);
  }

  private void put(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    written += length;
  }
}
