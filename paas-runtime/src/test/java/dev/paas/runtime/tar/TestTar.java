package dev.paas.runtime.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Makes tars of any kind, hostile ones too, with another implementation than the one under test.
 */
public final class TestTar {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream out =
      new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

  public TestTar() {
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    out.setAddPaxHeadersForNonAsciiNames(true);
  }

  public TestTar file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8), 0644, 0, 0);
  }

  public TestTar file(String path, byte[] content, int mode, int uid, int gid) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_NORMAL, true);
    return add(entry, content, mode, uid, gid);
  }

  public TestTar withAttribute(String path, String content, String attribute, String value) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_NORMAL, true);
    entry.addPaxHeader("SCHILY.xattr." + attribute, value);
    return add(entry, content.getBytes(StandardCharsets.UTF_8), 0644, 0, 0);
  }

  public TestTar directory(String path, int mode, int uid, int gid) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_DIR, true);
    return add(entry, new byte[0], mode, uid, gid);
  }

  public TestTar directory(String path) {
    return directory(path, 0755, 0, 0);
  }

  public TestTar link(byte type, String path, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(path, type, true);
    entry.setLinkName(target);
    return add(entry, new byte[0], 0777, 0, 0);
  }

  public TestTar symlink(String path, String target) {
    return link(TarConstants.LF_SYMLINK, path, target);
  }

  public TestTar hardLink(String path, String target) {
    return link(TarConstants.LF_LINK, path, target);
  }

  public TestTar device(String path) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_CHR, true);
    entry.setDevMajor(1);
    entry.setDevMinor(3);
    return add(entry, new byte[0], 0666, 0, 0);
  }

  private TestTar add(TarArchiveEntry entry, byte[] content, int mode, int uid, int gid) {
    try {
      entry.setSize(content.length);
      entry.setMode(mode);
      entry.setIds(uid, gid);
      entry.setNames("", "");
      entry.setModTime(1_000_000_000_000L);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] bytes() {
    try {
      out.finish();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public InputStream stream() {
    return new ByteArrayInputStream(bytes());
  }
}
