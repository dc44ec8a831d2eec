package dev.paas.builder.source;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;

/**
 * How large a source tree may be; without a bound a push could fill the host's disk.
 *
 * @param maxBytes of all files together
 * @param maxFiles entries
 */
public record SourceLimits(long maxBytes, int maxFiles) {

  /** From {@code build.max-source} and {@code build.max-source-files}. */
  public static SourceLimits of(PlatformSettings.Build settings) {
    return new SourceLimits(settings.maxSource().bytes(), settings.maxSourceFiles());
  }

  /**
   * Holds a tree to these limits without reading its files.
   *
   * @throws PaasException {@code build.source-too-large}, {@code build.too-many-files} or {@code
   *     build.bad-path}
   */
  public void require(SourceTree tree) throws IOException {
    long[] total = {0, 0};
    tree.forEach(
        entry -> {
          TreePath.check(entry.path());
          total[0] += entry.kind() == SourceTree.Kind.SUBMODULE ? 0 : entry.content().size();
          total[1]++;
          check(total[0], (int) total[1]);
        });
  }

  void check(long bytes, int files) {
    if (bytes > maxBytes) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.source-too-large",
              "The files of the commit are larger than " + maxBytes + " bytes together",
              "Take large files out of the repository, or raise the setting build.max-source.")
          .asException();
    }
    if (files > maxFiles) {
      throw tooMany(maxFiles, "files");
    }
  }

  static PaasException tooMany(long max, String what) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.too-many-files",
            "The commit has more than " + max + " " + what,
            "Take generated files out of the repository, or raise the setting"
                + " build.max-source-files.")
        .asException();
  }
}
