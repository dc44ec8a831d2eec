package dev.paas.builder.source;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;

/** Which paths a source tree may have; git's own check runs at the push, this one behind it. */
final class TreePath {

  /** PATH_MAX of Linux. */
  static final int MAX_LINK_BYTES = 4096;

  private TreePath() {}

  static void check(String path) {
    boolean bad = path.isEmpty() || path.indexOf('\0') >= 0;
    for (String name : path.split("/", -1)) {
      bad |= name.isEmpty() || name.equals(".") || name.equals("..");
    }
    if (bad) {
      throw Problem.of(
              "build.bad-path",
              "The commit has a path that no file can have",
              path,
              "Remove the file from the repository and push again.")
          .asException();
    }
  }

  static PaasException badLink(String path) {
    return Problem.of(
            "build.bad-link",
            "The commit has a symbolic link whose target no file can have",
            path,
            "Remove the link from the repository and push again.")
        .asException();
  }
}
