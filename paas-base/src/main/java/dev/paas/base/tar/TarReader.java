package dev.paas.base.tar;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads ustar, PAX and GNU tar (POSIX.1-2001 pax, GNU tar manual) from a stream, keeping names and
 * attribute values as the bytes they are: decoders that make text of them damage {@code
 * security.capability} and names that are no UTF-8. Sparse files are refused.
 */
public final class TarReader {

  private static final int BLOCK = 512;

  /**
   * All PAX headers and GNU long names before one entry, and all global ones of an archive: far
   * above what real archives carry.
   */
  private static final int MAX_HEADER = 1 << 20;

  private static final String XATTR = "SCHILY.xattr.";
  private static final String SPARSE = "GNU.sparse.";

  /** The PAX records that say something here, besides attributes; others are not kept. */
  private static final Set<String> USED = Set.of("path", "linkpath", "size", "uid", "gid", "mtime");

  /** PAX records of one entry that are kept, those of global headers included. */
  private static final int MAX_RECORDS = 256;

  private final InputStream in;
  private final TarTrace trace;
  private final byte[] block = new byte[BLOCK];
  private final Map<String, byte[]> global = new HashMap<>();
  private final byte[] skipped = new byte[1 << 13];
  private String path = "";
  private boolean reading;
  private long contentLeft;
  private int padding;
  private long headerBytes;
  private long globalBytes;

  public TarReader(InputStream in) {
    this(in, TarTrace.NONE);
  }

  /**
   * @param trace is told of everything up to the end mark
   */
  public TarReader(InputStream in, TarTrace trace) {
    this.in = in;
    this.trace = trace;
  }

  /** The next entry, or nothing at the end of the archive. */
  public Optional<TarEntry> next() throws IOException {
    skipContent();
    headerBytes = 0;
    Map<String, byte[]> pax = new HashMap<>(global);
    String longName = "";
    String longLink = "";
    while (true) {
      if (!readBlock() || isZero()) {
        return Optional.empty();
      }
      checkSum();
      long size = number(124, 12);
      if (size < 0) {
        throw malformed("an entry has a negative size");
      }
      switch (block[156]) {
        case 'x' -> parsePax(readHeader(size), pax);
        case 'g' -> {
          globalBytes = bounded(globalBytes, size);
          parsePax(readHeader(size), global);
        }
        case 'L' -> longName = cString(readHeader(size), 0, (int) size);
        case 'K' -> longLink = cString(readHeader(size), 0, (int) size);
        default -> {
          return Optional.of(entry(size, pax, longName, longLink));
        }
      }
    }
  }

  private TarEntry entry(
      long headerSize, Map<String, byte[]> pax, String longName, String longLink) {
    if (pax.containsKey(SPARSE)) {
      throw malformed("it holds a sparse file");
    }
    path = longName;
    if (pax.containsKey("path")) {
      path = raw(pax.get("path"));
    } else if (path.isEmpty()) {
      path = ustarPath();
    }
    String link = longLink;
    if (pax.containsKey("linkpath")) {
      link = raw(pax.get("linkpath"));
    } else if (link.isEmpty()) {
      link = cString(block, 157, 100);
    }
    TarEntry.Type type = type(path);
    long size = pax.containsKey("size") ? decimal(pax.get("size")) : headerSize;
    boolean hasContent = type == TarEntry.Type.FILE;
    contentLeft = hasContent ? size : 0;
    padding = hasContent ? (int) ((BLOCK - size % BLOCK) % BLOCK) : 0;
    byte[] mtime = pax.get("mtime");
    return new TarEntry(
        path,
        type,
        contentLeft,
        (int) number(100, 8) & 07777,
        (int) id(pax.get("uid"), 108),
        (int) id(pax.get("gid"), 116),
        mtime == null ? number(136, 12) : seconds(mtime),
        mtime == null ? 0 : nanos(mtime),
        link,
        attributes(pax));
  }

  private TarEntry.Type type(String path) {
    return switch (block[156]) {
      // A regular file whose name ends with a slash is a directory to old tars.
      case '0', 0, '7' -> path.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
      case '1' -> TarEntry.Type.HARD_LINK;
      case '2' -> TarEntry.Type.SYMLINK;
      case '3', '4' -> TarEntry.Type.DEVICE;
      case '5' -> TarEntry.Type.DIRECTORY;
      case '6' -> TarEntry.Type.FIFO;
      default -> throw malformed("it holds an entry of unknown type " + block[156]);
    };
  }

  private String ustarPath() {
    String name = cString(block, 0, 100);
    boolean ustar = new String(block, 257, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
    String prefix = ustar ? cString(block, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static Map<String, byte[]> attributes(Map<String, byte[]> pax) {
    Map<String, byte[]> out = new TreeMap<>();
    pax.forEach(
        (key, value) -> {
          if (key.startsWith(XATTR)) {
            out.put(key.substring(XATTR.length()), value);
          }
        });
    return out;
  }

  private long id(byte @Nullable [] pax, int offset) {
    long id = pax == null ? number(offset, 8) : decimal(pax);
    if (id < 0 || id > 0xffff_fffeL) {
      throw malformed("an owner is out of range");
    }
    return id;
  }

  /** Reads content of the current entry; -1 at its end. Whoever begins has to read all. */
  public int read(byte[] buffer) throws IOException {
    return read(buffer, 0, buffer.length);
  }

  /** The same into a part of a buffer. */
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (contentLeft == 0) {
      return -1;
    }
    if (!reading) {
      reading = true;
      trace.content(path, contentLeft);
    }
    int n = in.read(buffer, offset, (int) Math.min(length, contentLeft));
    if (n < 0) {
      throw new EOFException("the archive ends in the middle of a file");
    }
    contentLeft -= n;
    return n;
  }

  private void skipContent() throws IOException {
    skip(contentLeft + padding);
    reading = false;
    contentLeft = 0;
    padding = 0;
  }

  /** By reading: digest streams do not count what is skipped. */
  private void skip(long bytes) throws IOException {
    long left = bytes;
    while (left > 0) {
      int n = in.read(skipped, 0, (int) Math.min(skipped.length, left));
      if (n < 0) {
        throw new EOFException("the archive is cut off");
      }
      trace.raw(skipped, 0, n);
      left -= n;
    }
  }

  private boolean readBlock() throws IOException {
    int n = in.readNBytes(block, 0, BLOCK);
    if (n == 0) {
      return false;
    }
    if (n < BLOCK) {
      throw malformed("it is cut off");
    }
    trace.raw(block, 0, BLOCK);
    return true;
  }

  /** One more header's size, added to those before it. */
  private static long bounded(long before, long size) {
    if (size > MAX_HEADER - before) {
      throw malformed("its headers are longer than " + MAX_HEADER + " bytes");
    }
    return before + size;
  }

  private byte[] readHeader(long size) throws IOException {
    // With its own block, so that headers of nothing come to an end, too.
    headerBytes = bounded(bounded(headerBytes, size), BLOCK);
    byte[] content = in.readNBytes((int) size);
    if (content.length < size) {
      throw malformed("it is cut off");
    }
    trace.raw(content, 0, content.length);
    skip((BLOCK - size % BLOCK) % BLOCK);
    return content;
  }

  private boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void checkSum() {
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    long stored = number(148, 8);
    if (stored != unsigned && stored != signed) {
      throw malformed("a header's checksum is wrong");
    }
  }

  /** Octal text, or GNU's base-256 when the first bit is set. */
  private long number(int offset, int length) {
    if ((block[offset] & 0x80) != 0) {
      long value = (block[offset] & 0x40) != 0 ? -1 : 0;
      value = value << 7 | (block[offset] & 0x7f);
      for (int i = 1; i < length; i++) {
        value = value << 8 | (block[offset + i] & 0xff);
      }
      return value;
    }
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      int c = block[i];
      if (c >= '0' && c <= '7') {
        value = value << 3 | (c - '0');
      } else if (c != ' ' && c != 0) {
        throw malformed("a number in a header is no number");
      } else if (value != 0) {
        break;
      }
    }
    return value;
  }

  private static void parsePax(byte[] content, Map<String, byte[]> into) {
    int at = 0;
    while (at < content.length && content[at] != 0) {
      int space = indexOf(content, ' ', at);
      long length = decimal(Arrays.copyOfRange(content, at, space));
      long end = at + length;
      if (length < 5 || end > content.length || content[(int) end - 1] != '\n') {
        throw malformed("a PAX record has a wrong length");
      }
      int equals = indexOf(content, '=', space);
      if (equals >= end) {
        throw malformed("a PAX record has no value");
      }
      String key = new String(content, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      if (equals + 1 == end - 1) {
        into.remove(key);
      } else if (key.startsWith(SPARSE)) {
        into.put(SPARSE, new byte[0]);
      } else if (USED.contains(key) || key.startsWith(XATTR)) {
        into.put(key, Arrays.copyOfRange(content, equals + 1, (int) end - 1));
      }
      if (into.size() > MAX_RECORDS) {
        throw malformed("an entry has more than " + MAX_RECORDS + " records");
      }
      at = (int) end;
    }
  }

  private static int indexOf(byte[] content, char wanted, int from) {
    for (int i = from; i < content.length; i++) {
      if (content[i] == wanted) {
        return i;
      }
    }
    throw malformed("a PAX record is cut off");
  }

  private static String cString(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.ISO_8859_1);
  }

  private static String raw(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static long decimal(byte[] digits) {
    if (digits.length == 0 || digits.length > 18) {
      throw malformed("a number in a PAX record is no number");
    }
    long value = 0;
    for (byte digit : digits) {
      if (digit < '0' || digit > '9') {
        throw malformed("a number in a PAX record is no number");
      }
      value = value * 10 + (digit - '0');
    }
    return value;
  }

  private static long seconds(byte[] decimal) {
    return new java.math.BigDecimal(number(decimal))
        .setScale(0, java.math.RoundingMode.FLOOR)
        .longValue();
  }

  private static int nanos(byte[] decimal) {
    java.math.BigDecimal whole = new java.math.BigDecimal(number(decimal));
    return whole
        .subtract(whole.setScale(0, java.math.RoundingMode.FLOOR))
        .movePointRight(9)
        .intValue();
  }

  private static String number(byte[] decimal) {
    String text = raw(decimal);
    if (!text.matches("-?\\d{1,12}(\\.\\d{0,18})?")) {
      throw malformed("a time is no number");
    }
    return text;
  }

  private static PaasException malformed(String what) {
    return Problem.of(
            Kind.INVALID,
            "image.bad-archive",
            "The archive can't be read: " + what,
            "Make it again; a complete tar, gzip or zstd file is expected.")
        .asException();
  }
}
