package dev.paas.builder.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A few small text files that a buildpack made up, e.g. a server's configuration. */
public final class GeneratedTree implements SourceTree {

  private final TreeMap<String, Entry> entries =
      new TreeMap<>(
          (a, b) ->
              Arrays.compareUnsigned(
                  a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));

  /** Files of mode 644 by path. */
  public static GeneratedTree of(Map<String, String> files) {
    GeneratedTree tree = new GeneratedTree();
    files.forEach((path, text) -> tree.put(path, Kind.FILE, text));
    return tree;
  }

  /** One program of mode 755. */
  public static GeneratedTree ofScript(String path, String text) {
    GeneratedTree tree = new GeneratedTree();
    tree.put(path, Kind.EXECUTABLE, text);
    return tree;
  }

  private GeneratedTree() {}

  private void put(String path, Kind kind, String text) {
    entries.put(path, new Entry(path, kind, new Text(text.getBytes(StandardCharsets.UTF_8))));
  }

  @Override
  public String identity() {
    StringBuilder all = new StringBuilder();
    entries.forEach(
        (path, entry) ->
            all.append(path)
                .append('\0')
                .append(entry.kind())
                .append(entry.content().id())
                .append('\n'));
    return "generated:" + Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    for (Entry entry : entries.values()) {
      visitor.visit(entry);
    }
  }

  @Override
  public Optional<Entry> find(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  private static final class Text implements Content {

    private final byte[] bytes;

    Text(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String id() {
      return Sha256.hex(bytes);
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }
}
