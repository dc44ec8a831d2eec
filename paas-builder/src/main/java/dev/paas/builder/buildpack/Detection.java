package dev.paas.builder.buildpack;

import dev.paas.builder.source.SourceTree;
import java.io.IOException;

/**
 * Whether a buildpack builds a source tree, and why. Whoever pushes reads the reason, so it names
 * what is in the repository, or what was looked for and is not there.
 */
public sealed interface Detection {

  /** In words without a full stop. */
  String reason();

  /** It takes the tree because of this, e.g. {@code the file package.json}. */
  record Matched(String reason) implements Detection {}

  /**
   * It leaves the tree to others. The reason is what was not found, e.g. {@code no package.json}.
   */
  record NotMatched(String reason) implements Detection {}

  /**
   * By the first of these paths at which the tree has something. What it is does not matter: a link
   * in the place of a file is a mistake that the plan explains better than another buildpack would.
   */
  static Detection byFirstOf(SourceTree tree, String... paths) throws IOException {
    for (String path : paths) {
      if (tree.find(path).isPresent()) {
        return new Matched("the file " + path);
      }
    }
    return new NotMatched("no " + listed(paths));
  }

  private static String listed(String... paths) {
    StringBuilder list = new StringBuilder(paths[0]);
    for (int i = 1; i < paths.length; i++) {
      list.append(i == paths.length - 1 ? " or " : ", ").append(paths[i]);
    }
    return list.toString();
  }
}
