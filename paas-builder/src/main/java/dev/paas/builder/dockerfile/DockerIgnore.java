package dev.paas.builder.dockerfile;

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

  private DockerIgnore() {}

  /** {@code <Dockerfile>.dockerignore} wins over {@code .dockerignore}. */
  static List<String> of(SourceTree tree, String dockerfile) throws IOException {
    Optional<String> own = SourceFiles.text(tree, dockerfile + ".dockerignore");
    return parse(own.isPresent() ? own.get() : SourceFiles.text(tree, ".dockerignore").orElse(""));
  }

  static List<String> parse(String text) {
    List<String> patterns = new ArrayList<>();
    for (String raw : text.split("\r?\n", -1)) {
      if (raw.startsWith("#")) {
        continue;
      }
      String line = raw.strip();
      boolean exception = line.startsWith("!");
      String pattern = ContextPath.clean((exception ? line.substring(1) : line).strip());
      if (!line.isEmpty() && !pattern.isEmpty()) {
        patterns.add(exception ? "!" + pattern : pattern);
      }
    }
    return List.copyOf(patterns);
  }
}
