package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;
import dev.paas.builder.source.SourceTree;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.tar.TestTar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** The files and the base image that the recorded builds were made with. */
final class RecordedSources implements SourceTree {

  private record Bytes(ByteString bytes) implements Content {
    @Override
    public String id() {
      return Sha256.of(bytes.toByteArray()).value();
    }

    @Override
    public long size() {
      return bytes.size();
    }

    @Override
    public InputStream open() {
      return bytes.newInput();
    }
  }

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  /** Files, links and a program; all that most builds need. */
  static RecordedSources plain() {
    RecordedSources made = new RecordedSources();
    made.file("a.txt", "a").file("b.txt", "b").file("d/c.txt", "c").file("d/e/f.txt", "f");
    made.file(".hidden", "h").file("d/.dot", "dot").file("sp ace.txt", "s");
    made.file("[br].txt", "br").file("star*.txt", "st");
    made.add("x.sh", Kind.EXECUTABLE, "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
    return made.link("ln", "a.txt").link("dl", "d").link("d/up", "../b.txt");
  }

  /** The same with archives, and with files that only look like some. */
  static RecordedSources withArchives() throws IOException {
    byte[] tar = archive().stream().readAllBytes();
    RecordedSources made = plain();
    made.add("ar.tar", Kind.FILE, tar);
    made.add("named.txt", Kind.FILE, tar);
    ByteArrayOutputStream gz = new ByteArrayOutputStream();
    made.add("ar.tgz", Kind.FILE, through(gz, new GZIPOutputStream(gz), tar));
    ByteArrayOutputStream bz2 = new ByteArrayOutputStream();
    made.add("ar.bz2", Kind.FILE, through(bz2, new BZip2CompressorOutputStream(bz2), tar));
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    made.add("ar.xz", Kind.FILE, through(xz, new XZOutputStream(xz, new LZMA2Options()), tar));
    return made.file("notar.tar", "nothing").file("empty", "").file("ar.zip", "PK\003\004aaa");
  }

  private static byte[] through(ByteArrayOutputStream made, OutputStream to, byte[] bytes)
      throws IOException {
    try (to) {
      to.write(bytes);
    }
    return made.toByteArray();
  }

  private static TestTar archive() {
    byte[] q = "q".getBytes(StandardCharsets.UTF_8);
    byte[] t = "t".getBytes(StandardCharsets.UTF_8);
    byte[] n = "n".getBytes(StandardCharsets.UTF_8);
    return new TestTar()
        .directory("p", 0700, 1, 2)
        .file("p/q", q, 04755, 3, 4)
        .file("top", t, 0600, 5, 6)
        .symlink("p/l", "q")
        .file("noparent/deep/file", n, 0644, 7, 7);
  }

  /** Users, links that lead somewhere or nowhere, and owners of their own. */
  static TestTar base() {
    byte[] x = "x".getBytes(StandardCharsets.UTF_8);
    byte[] y = "y".getBytes(StandardCharsets.UTF_8);
    return new TestTar()
        .directory("etc")
        .file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n")
        .file("etc/group", "root:x:0:\nweb:x:33:\napp:x:1001:\n")
        .directory("opt", 0711, 3, 4)
        .directory("srv")
        .directory("srv/releases")
        .directory("srv/releases/1")
        .symlink("srv/current", "/srv/releases/1")
        .symlink("srv/dangling", "/nowhere/at/all")
        .symlink("srv/rel", "releases/1")
        .directory("usr")
        .directory("usr/bin")
        .symlink("bin", "usr/bin")
        .file("file", "a file")
        .directory("own", 0750, 5, 6)
        .file("own/x", x, 0640, 7, 8)
        .directory("own/d", 0700, 9, 10)
        .file("own/d/y", y, 04755, 0, 0);
  }

  RecordedSources file(String path, String text) {
    return add(path, Kind.FILE, text.getBytes(StandardCharsets.UTF_8));
  }

  private RecordedSources link(String path, String target) {
    return add(path, Kind.LINK, target.getBytes(StandardCharsets.UTF_8));
  }

  private RecordedSources add(String path, Kind kind, byte[] bytes) {
    entries.put(path, new Entry(path, kind, new Bytes(ByteString.copyFrom(bytes))));
    return this;
  }

  @Override
  public String identity() {
    StringBuilder all = new StringBuilder();
    entries.forEach(
        (path, entry) ->
            all.append(path).append(' ').append(entry.kind()).append(entry.content().id()));
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).value();
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      visitor.visit(entry.getValue());
    }
  }

  @Override
  public Optional<Entry> find(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  @Override
  public Set<String> lookUp(Set<String> paths, Visitor visitor) throws IOException {
    Set<String> found = SourceTree.super.lookUp(paths, visitor);
    for (String path : paths) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        Entry above = entries.get(path.substring(0, slash));
        if (above != null && above.kind() == Kind.LINK) {
          found.add(path);
        }
      }
    }
    return found;
  }
}
