package dev.paas.runtime.content;

import dev.paas.base.disk.DurableFile;
import dev.paas.runtime.linux.file.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Small content by digest: manifests and configurations ({@code blobs/sha256/<hex>}). */
public final class Blobs {

  private final Path folder;

  public Blobs(Path data) throws IOException {
    this.folder = Folders.create(data.resolve("blobs/sha256"), "rwx------");
    Folders.create(data.resolve("blobs"), "rwx------");
  }

  public Sha256 put(byte[] content) throws IOException {
    Sha256 digest = Sha256.of(content);
    Path place = folder.resolve(digest.hex());
    if (!Files.exists(place)) {
      new DurableFile(place).write(content);
    }
    return digest;
  }

  /** The content, or nothing when it is missing or damaged. */
  public Optional<byte[]> get(Sha256 digest) throws IOException {
    return new DurableFile(folder.resolve(digest.hex()))
        .read()
        .filter(content -> Sha256.of(content).equals(digest));
  }

  public void retain(Set<Sha256> needed) throws IOException {
    Set<String> names = Set.copyOf(needed.stream().map(Sha256::hex).toList());
    try (Stream<Path> all = Files.list(folder)) {
      for (Path blob : all.toList()) {
        if (!names.contains(String.valueOf(blob.getFileName()))) {
          Files.deleteIfExists(blob);
        }
      }
    }
  }
}
