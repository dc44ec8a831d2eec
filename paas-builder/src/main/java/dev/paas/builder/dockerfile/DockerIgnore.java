package dev.paas.builder.dockerfile;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code .dockerignore}: one pattern a line, {@code #} comments, {@code !} for exceptions,
 * the last match wins. The patterns are applied by the solver.
 */
final class DockerIgnore {

  /** PATH_MAX of Linux without the NUL. */
  private static final int MAX_PATTERN = 4095;

  private DockerIgnore() {}

  /** {@code <Dockerfile>.dockerignore} wins over {@code .dockerignore}. */
  static List<String> of(SourceTree tree, String dockerfile, PlatformSettings.Planning limits)
      throws IOException {
    String name = dockerfile + ".dockerignore";
    Optional<String> own = SourceFiles.text(tree, name, limits);
    return own.isPresent()
        ? parse(name, own.get(), limits.maxPatterns())
        : parse(
            ".dockerignore",
            SourceFiles.text(tree, ".dockerignore", limits).orElse(""),
            limits.maxPatterns());
  }

  private static List<String> parse(String file, String text, int max) {
    List<String> patterns = new ArrayList<>();
    for (String raw : text.split("\r?\n", -1)) {
      if (raw.startsWith("#")) {
        continue;
      }
      String line = raw.strip();
      if (line.length() > MAX_PATTERN) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.long-pattern",
                file + " has a pattern longer than " + MAX_PATTERN + " characters",
                line,
                "Make it shorter; no path of Linux is as long.")
            .asException();
      }
      boolean exception = line.startsWith("!");
      String written = (exception ? line.substring(1) : line).strip();
      String pattern = ContextPath.clean(written);
      // What is outside of the repository is not in it.
      if (!pattern.isEmpty() && !ContextPath.leavesRoot(written)) {
        patterns.add(exception ? "!" + pattern : pattern);
      }
      if (patterns.size() > max) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.too-many-patterns",
                file + " has more than " + max + " patterns",
                "Name directories instead of single files.")
            .asException();
      }
    }
    return List.copyOf(patterns);
  }
}
