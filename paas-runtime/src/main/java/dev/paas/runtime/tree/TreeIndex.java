package dev.paas.runtime.tree;

import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The index of a tree, a file: its digest, then one line an entry: type mode size content path
 * link, in which path and link are percent-encoded bytes.
 */
final class TreeIndex {

  private TreeIndex() {}

  static void write(Path file, Sha256 digest, TreeEntries entries) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      out.write(digest.value() + "\n");
      for (int i = 0; i < entries.size(); i++) {
        TreeEntry e = entries.get(i);
        out.write(e.type() + " " + Integer.toOctalString(e.mode()) + " " + e.size() + " ");
        out.write(e.content() + " " + escaped(entries.path(i)) + " " + escaped(e.link()) + "\n");
      }
    }
  }

  /**
   * Reads the index of a tree.
   *
   * @param folder of the tree's files
   * @param share takes the memory of the entries until it is closed
   */
  static Tree read(Path file, Sha256 digest, Path folder, NameRoom.Share share) throws IOException {
    TreeEntries entries = new TreeEntries(share);
    long bytes = 0;
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      if (!digest.value().equals(in.readLine())) {
        throw new IOException("index of another tree: " + digest);
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] f = line.split(" ", -1);
        TreeEntry entry =
            new TreeEntry(
                TreeEntry.Type.valueOf(f[0]),
                Integer.parseInt(f[1], 8),
                Long.parseLong(f[2]),
                new Sha256(f[3]),
                unescaped(f[5]));
        bytes += entry.size();
        entries.add(unescaped(f[4]), entry);
      }
    }
    entries.sort();
    return new Tree(digest, folder, entries, bytes);
  }

  static String escaped(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c > ' ' && c < 0x7f && c != '%') {
        out.append(c);
      } else {
        out.append('%')
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    return out.toString();
  }

  static String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
