package dev.paas.builder.dockerfile;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as Go's path.Clean leaves them, never above their root. */
final class ContextPath {

  private ContextPath() {}

  /** Relative and without {@code .} and {@code ..}; empty for the root itself. */
  static String clean(String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/")) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return String.join("/", names);
  }

  /** Whether a relative path leads above its root, where {@link #clean} stops. */
  static boolean leavesRoot(String path) {
    int depth = 0;
    for (String name : path.startsWith("/") ? new String[0] : path.split("/")) {
      if (name.equals("..")) {
        depth--;
      } else if (!name.isEmpty() && !name.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }

  /** The absolute path of {@code path} seen from the absolute {@code directory}. */
  static String absolute(String directory, String path) {
    return "/" + clean(path.startsWith("/") ? path : directory + "/" + path);
  }

  /** Like {@link #absolute}, but what is meant as a directory keeps a slash at its end. */
  static String destination(String directory, String path) {
    String absolute = absolute(directory, path);
    boolean isDirectory =
        path.isEmpty()
            || path.endsWith("/")
            || path.equals(".")
            || path.endsWith("/.")
            || path.endsWith("..");
    return isDirectory && !absolute.endsWith("/") ? absolute + "/" : absolute;
  }
}
