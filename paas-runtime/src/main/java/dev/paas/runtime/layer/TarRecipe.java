package dev.paas.runtime.layer;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.paas.base.tar.TarTrace;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.tar.SafePath;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a layer's tar had besides the content of its files: headers and padding as they were, and
 * where each content goes. Two writers make different tars of the same files; with this the layer
 * is written again with the digest that it came with. The idea is that of tar-split (vbatts), the
 * form is our own.
 */
final class TarRecipe implements TarTrace, AutoCloseable {

  private static final int RAW = 0;
  private static final int CONTENT = 1;
  private static final int END = 2;

  private static final int BUFFER = 1 << 16;

  /** A layer whose headers do not fit into this, compressed, is kept without; in bytes. */
  private static final long MAX_BYTES = 64 << 20;

  private final Path place;
  private final FileChannel file;
  private final DataOutputStream out;
  private final byte[] gathered = new byte[BUFFER];
  private int length;
  private boolean useless;

  private TarRecipe(Path place, FileChannel file) throws IOException {
    this.place = place;
    this.file = file;
    this.out = new DataOutputStream(new ZstdOutputStream(Channels.newOutputStream(file)));
  }

  /** A new recipe; closing it makes it whole and durable. */
  static TarRecipe create(Path place) throws IOException {
    FileChannel file =
        FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      return new TarRecipe(place, file);
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  @Override
  public void raw(byte[] bytes, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      if (length == BUFFER) {
        flush();
      }
      int n = Math.min(count - done, BUFFER - length);
      System.arraycopy(bytes, offset + done, gathered, length, n);
      length += n;
      done += n;
    }
  }

  @Override
  public void content(String rawPath, long size) throws IOException {
    flush();
    if (!useless) {
      byte[] path = SafePath.of(rawPath).getBytes(StandardCharsets.ISO_8859_1);
      out.writeByte(CONTENT);
      out.writeShort(path.length);
      out.write(path);
      out.writeLong(size);
    }
  }

  /**
   * What it says of the content of files is not what is in the layer: it is not kept, so that
   * whoever wants the tar is told so before its first byte.
   */
  void spoil() {
    useless = true;
  }

  private void flush() throws IOException {
    useless |= file.position() > MAX_BYTES;
    if (length > 0 && !useless) {
      out.writeByte(RAW);
      out.writeInt(length);
      out.write(gathered, 0, length);
    }
    length = 0;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      flush();
      out.writeByte(END);
      out.flush();
      out.close();
    }
    if (useless) {
      Files.delete(place);
    } else {
      try (FileChannel whole = FileChannel.open(place, StandardOpenOption.WRITE)) {
        whole.force(true);
      }
    }
  }

  /**
   * Writes the tar again; the stream stays open.
   *
   * @throws IOException also when a file is not what it was
   */
  static void follow(Path recipe, Directory layer, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (DataInputStream in =
            new DataInputStream(
                new BufferedInputStream(
                    new ZstdInputStream(Files.newInputStream(recipe)), BUFFER));
        Parent parent = new Parent(layer)) {
      for (int what = in.readUnsignedByte(); what != END; what = in.readUnsignedByte()) {
        if (what == CONTENT) {
          byte[] path = in.readNBytes(in.readUnsignedShort());
          String raw = new String(path, StandardCharsets.ISO_8859_1);
          try (FileHandle file = parent.of(raw).read(RawPath.name(raw));
              InputStream content = file.stream()) {
            copy(content, in.readLong(), out, buffer);
          }
        } else {
          copy(in, in.readInt(), out, buffer);
        }
      }
    }
  }

  private static void copy(InputStream in, long bytes, OutputStream out, byte[] buffer)
      throws IOException {
    long left = bytes;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException("a file of the layer is shorter than it was");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  /** The folder of the last file: the next one is mostly in it, too. */
  private static final class Parent implements AutoCloseable {
    private final Directory root;
    private String path = "";
    private Directory open;

    Parent(Directory root) throws IOException {
      this.root = root;
      this.open = root.openBeneath("");
    }

    Directory of(String file) throws IOException {
      String wanted = RawPath.parent(file);
      if (!wanted.equals(path)) {
        Directory next = root.openBeneath(wanted);
        open.close();
        open = next;
        path = wanted;
      }
      return open;
    }

    @Override
    public void close() {
      open.close();
    }
  }
}
