package dev.paas.builder.plan;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the small text files that tell a buildpack what to do. */
public final class SourceFiles {

  private SourceFiles() {}

  /**
   * The text at this path, decoded as UTF-8, without a byte order mark; empty when there is no such
   * file.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.unreadable-file} when it is a link,
   *     larger than {@code planning.max-file} or not text
   */
  public static Optional<String> text(
      SourceTree tree, String path, PlatformSettings.Planning limits) throws IOException {
    Optional<SourceTree.Entry> entry = tree.find(path);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    if (!entry.get().isFile()) {
      throw unreadable(path, "is not a plain file", "Replace it by a plain file.");
    }
    long max = limits.maxFile().bytes();
    if (entry.get().content().size() > max) {
      throw unreadable(
          path,
          "is larger than " + max + " bytes",
          "Make it smaller, or raise the setting planning.max-file.");
    }
    try (InputStream in = entry.get().content().open()) {
      byte[] bytes = in.readNBytes((int) Math.min(max, Integer.MAX_VALUE - 8));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw unreadable(path, "is not UTF-8 text", "Save it as UTF-8.");
    }
  }

  private static RuntimeException unreadable(String path, String why, String fix) {
    return Problem.of(Kind.IMPOSSIBLE, "build.unreadable-file", path + " " + why, path, fix)
        .asException();
  }
}
