package dev.paas.runtime.solve;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.FetchOp;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.solve.fetch.Download;
import dev.paas.runtime.solve.fetch.Downloads;
import dev.paas.runtime.solve.step.StepKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Downloads one file. It is known by its checksum before anything is asked for; else by the tag
 * that the server gives it, before its content arrives; else by its content.
 */
final class FetchStep implements BuildStep, AutoCloseable {

  private static final String CONTENT = "content";
  private static final int MODE = 0600;

  private final FetchOp op;
  private final Downloads downloads;
  private final String scope;
  private @Nullable Download download;
  private @Nullable Path folder;

  FetchStep(FetchOp op, Downloads downloads, String scope) {
    this.op = op;
    this.downloads = downloads;
    this.scope = scope;
  }

  @Override
  public Sha256 key() throws IOException {
    StepKey key = new StepKey("fetch", scope).add(op.getName());
    if (!op.getChecksum().isEmpty()) {
      return key.add("checksum").add(op.getChecksum()).finish();
    }
    Download asked = asked();
    Optional<String> tag = asked.validator();
    key.add(Long.toString(asked.lastModified()));
    return tag.isPresent()
        ? key.add("tag").add(op.getUrl()).add(tag.get()).finish()
        : key.add("content").add(arrived().value()).finish();
  }

  private Download asked() throws IOException {
    Download known = download;
    if (known == null) {
      known = downloads.open(op.getUrl());
      download = known;
    }
    return known;
  }

  private Sha256 arrived() throws IOException {
    Download asked = asked();
    Path into = downloads.folder();
    folder = into;
    return asked.writeTo(into.resolve(CONTENT));
  }

  @Override
  public void run(Directory view, Path stage) throws IOException {
    Path into = folder;
    if (into == null) {
      Sha256 digest = arrived();
      if (!op.getChecksum().isEmpty() && !op.getChecksum().equals(digest.value())) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.checksum-mismatch",
                "What was downloaded has another checksum than --checksum says: " + digest,
                op.getChecksum(),
                "Compare the checksum with what the publisher says; if it is right, the file was"
                    + " changed on the way.")
            .asException();
      }
      into = folder;
    }
    String name = RawPath.of(op.getName());
    try (Directory from = Directory.open(Objects.requireNonNull(into));
        Directory layer = Directory.open(stage)) {
      from.rename(CONTENT, layer, name);
      layer.setOwner(name, 0, 0);
      layer.setMode(name, MODE);
      layer.setTime(name, asked().lastModified(), 0);
    }
  }

  @Override
  public void close() throws IOException {
    Download open = download;
    if (open != null) {
      open.close();
    }
    Path left = folder;
    if (left != null) {
      Files.deleteIfExists(left.resolve(CONTENT));
      Files.deleteIfExists(left);
    }
  }
}
