package dev.paas.builder.source;

import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;

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

  void check(long bytes, int files) {
    if (bytes > maxBytes) {
      throw Problem.of(
              "build.source-too-large",
              "The files of the commit are larger than " + maxBytes + " bytes together",
              "Take large files out of the repository, or raise the setting build.max-source.")
          .asException();
    }
    if (files > maxFiles) {
      throw Problem.of(
              "build.too-many-files",
              "The commit has more than " + maxFiles + " files",
              "Take generated files out of the repository, or raise the setting"
                  + " build.max-source-files.")
          .asException();
    }
  }
}
