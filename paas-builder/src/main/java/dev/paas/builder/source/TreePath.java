package dev.paas.builder.source;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;

/** Which paths a source tree may have; git's own check runs at the push, this one behind it. */
final class TreePath {

  /** PATH_MAX of Linux. */
  static final int MAX_LINK_BYTES = 4096;

  /** PATH_MAX and NAME_MAX of Linux, without the NUL. */
  static final int MAX_BYTES = 4095;

  private static final int MAX_NAME_BYTES = 255;

  private TreePath() {}

  static void check(String path) {
    boolean bad = path.isEmpty() || path.indexOf('\0') >= 0;
    for (String name : path.split("/", -1)) {
      bad |= name.isEmpty() || name.equals(".") || name.equals("..");
      if (PathBytes.bytes(name).length > MAX_NAME_BYTES) {
        throw tooLong(path);
      }
    }
    if (PathBytes.bytes(path).length > MAX_BYTES) {
      throw tooLong(path);
    }
    if (bad) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.bad-path",
              "The commit has a path that no file can have",
              path,
              "Remove the file from the repository and push again.")
          .asException();
    }
  }

  static PaasException tooLong(String path) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.bad-path",
            "The commit has a path that no file can have: Linux takes "
                + MAX_NAME_BYTES
                + " bytes for a name and "
                + MAX_BYTES
                + " for a path",
            path,
            "Give the file a shorter name and push again.")
        .asException();
  }

  static PaasException badLink(String path) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.bad-link",
            "The commit has a symbolic link whose target no file can have",
            path,
            "Remove the link from the repository and push again.")
        .asException();
  }
}
