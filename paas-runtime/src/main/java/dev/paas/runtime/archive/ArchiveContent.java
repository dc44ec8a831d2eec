package dev.paas.runtime.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdIOException;
import dev.paas.base.tar.TarContent;
import dev.paas.base.tar.TarEntry;
import dev.paas.base.tar.TarReader;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerUnpacker;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.registry.RegistryClient;
import dev.paas.runtime.tar.BadTar;
import dev.paas.runtime.tar.Decompression;
import dev.paas.runtime.tar.ExtractLimits;
import dev.paas.runtime.tar.SafePath;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * Reads an archive once, from its beginning to its end: documents are kept in memory, layers are
 * unpacked into the store as they come, since what names them may come last. Nothing is written by
 * a name of the archive.
 */
final class ArchiveContent {

  /** An image of 127 layers has some 400, and an archive may hold several images. */
  private static final int MAX_ENTRIES = 20_000;

  /** Names and what links lead to, in bytes: they are kept until the archive has been read. */
  private static final int MAX_NAMES = 2 << 20;

  /** Documents of one archive together, in bytes. */
  private static final long MAX_DOCUMENTS = 8 << 20;

  /** As many links in a row as an archive of Docker has, and some more. */
  private static final int MAX_LINKS = 4;

  private static final int SNIFFED = 512;

  private final LayerStore store;
  private final NameRoom.Limits names;
  private final long maxBytes;

  private final Map<String, byte[]> documents = new HashMap<>();
  private final Map<String, PackedLayer> layers = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private long documentBytes;
  private long nameBytes;
  private long unpacked;

  /**
   * @param maxBytes what all layers together may unpack to
   */
  ArchiveContent(LayerStore store, NameRoom.Limits names, long maxBytes) {
    this.store = store;
    this.names = names;
    this.maxBytes = maxBytes;
  }

  /** Reads the archive: plain, gzip or zstd. */
  void read(InputStream archive) throws IOException, InterruptedException {
    try {
      TarReader tar = new TarReader(Decompression.open(archive));
      int entries = 0;
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("load cancelled");
        }
        if (++entries > MAX_ENTRIES) {
          throw BadTar.tooLarge("it holds more than " + MAX_ENTRIES + " entries");
        }
        entry(tar, next.get());
      }
    } catch (EOFException | ZipException | ZstdIOException cut) {
      throw BadTar.malformed("it is cut off or damaged");
    }
  }

  private void entry(TarReader tar, TarEntry entry) throws IOException {
    String path = SafePath.of(entry.path());
    switch (entry.type()) {
      case DIRECTORY -> {}
      case FILE -> {
        once(path, "");
        file(path, entry.size(), tar);
      }
      case SYMLINK -> {
        once(path, entry.link());
        links.put(path, target(path, entry.link()));
      }
      case HARD_LINK -> {
        once(path, entry.link());
        links.put(path, SafePath.of(entry.link()));
      }
      case FIFO, DEVICE -> throw BadTar.unsafe("an image has no such entry", entry.path());
    }
  }

  private void once(String path, String link) {
    nameBytes += path.length() + link.length();
    if (nameBytes > MAX_NAMES) {
      throw BadTar.tooLarge("its names are longer than " + MAX_NAMES + " bytes");
    }
    if (!seen.add(path)) {
      throw BadTar.malformed("it holds " + path + " twice");
    }
  }

  /** Where a symbolic link of the archive leads within it: Docker wrote equal layers as links. */
  private static String target(String path, String link) {
    String folder = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    String rest = link;
    while (rest.startsWith("../") && !folder.isEmpty()) {
      rest = rest.substring("../".length());
      folder = folder.contains("/") ? folder.substring(0, folder.lastIndexOf('/')) : "";
    }
    if (rest.startsWith("/")) {
      throw BadTar.unsafe("a link leads out of it", path);
    }
    return SafePath.of(folder.isEmpty() ? rest : folder + "/" + rest);
  }

  private void file(String path, long size, TarReader tar) throws IOException {
    boolean blob = path.startsWith(ImageLayout.BLOBS);
    boolean perhapsLayer = blob || path.matches("([^/]+/){0,2}[^/]+\\.tar(\\.gz|\\.zst)?");
    boolean perhapsDocument =
        size <= RegistryClient.MAX_DOCUMENT
            && (blob || path.endsWith(".json") || path.indexOf('/') < 0);
    BufferedInputStream in = new BufferedInputStream(new TarContent(tar), SNIFFED);
    in.mark(SNIFFED);
    byte[] start = in.readNBytes(SNIFFED);
    in.reset();
    if (isJson(start)) {
      if (perhapsDocument) {
        document(path, in); // what is longer is said about an image, e.g. what is in it
      }
    } else if (perhapsLayer && size > 0) {
      layer(path, in);
    }
  }

  private static boolean isJson(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    boolean tar = text.length() > 262 && text.startsWith("ustar", 257);
    String first = text.stripLeading();
    return !tar && (first.startsWith("{") || first.startsWith("["));
  }

  private void document(String path, InputStream in) throws IOException {
    byte[] content = in.readAllBytes();
    documentBytes += content.length;
    if (documentBytes > MAX_DOCUMENTS) {
      throw BadTar.tooLarge("its documents are longer than " + MAX_DOCUMENTS + " bytes");
    }
    checkName(path, Sha256.of(content));
    documents.put(path, content);
  }

  private void layer(String path, InputStream in) throws IOException {
    PackedLayer.Meter meter = new PackedLayer.Meter(in);
    Layer layer =
        LayerUnpacker.unpack(
            store,
            names,
            ExtractLimits.LAYER.atMost(maxBytes - unpacked),
            meter,
            Optional.empty(),
            meter::drain);
    unpacked += layer.bytes() + store.recipeBytes(layer);
    PackedLayer packed = meter.finish(layer);
    checkName(path, packed.digest());
    layers.put(path, packed);
  }

  /** What lies among the blobs is named by its digest. */
  private static void checkName(String path, Sha256 digest) {
    if (path.startsWith(ImageLayout.BLOBS) && !path.equals(ImageLayout.BLOBS + digest.hex())) {
      throw BadArchive.mismatch(path);
    }
  }

  private String followed(String path) {
    String at = path;
    for (int i = 0; i < MAX_LINKS && links.containsKey(at); i++) {
      at = links.getOrDefault(at, at);
    }
    return at;
  }

  Optional<byte[]> find(String path) {
    return Optional.ofNullable(documents.get(followed(path)));
  }

  byte[] document(String path) {
    return find(path).orElseThrow(() -> BadArchive.malformed("a document of it is missing", path));
  }

  JsonNode json(String path) {
    return json(document(path), path);
  }

  static JsonNode json(byte[] document, String path) {
    try {
      return Json.read(document);
    } catch (IOException bad) {
      throw BadArchive.malformed("a part of it is no JSON that can be read", path);
    }
  }

  PackedLayer layer(String path) {
    PackedLayer layer = layers.get(followed(path));
    if (layer == null) {
      throw BadArchive.malformed("a layer of it is missing", path);
    }
    return layer;
  }
}
