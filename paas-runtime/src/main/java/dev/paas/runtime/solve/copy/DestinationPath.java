package dev.paas.runtime.solve.copy;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Paths of copies: brought to the form {@code a/b/c}, and resolved in a root filesystem. */
public final class DestinationPath {

  /** As the kernel has it (path_resolution(7)). */
  private static final int MAX_LINKS = 40;

  private DestinationPath() {}

  /** Without leading slash, {@code .} and {@code ..}, which stops at the root. */
  public static String clean(String path) {
    List<String> out = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        if (!out.isEmpty()) {
          out.remove(out.size() - 1);
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        out.add(segment);
      }
    }
    return String.join("/", out);
  }

  /**
   * The real path of a destination: symbolic links that are there are followed as if the view were
   * the root; what is not there yet is taken as it is written, also behind a link.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.copy-link-loop}
   */
  public static String resolve(Directory view, String path) throws IOException {
    Deque<String> ahead = new ArrayDeque<>(List.of(clean(RawPath.of(path)).split("/")));
    String real = "";
    int links = 0;
    while (!ahead.isEmpty()) {
      String segment = ahead.pop();
      if (segment.equals("..")) {
        real = RawPath.parent(real);
        continue;
      }
      if (segment.isEmpty() || segment.equals(".")) {
        continue;
      }
      String next = RawPath.join(real, segment);
      boolean link = view.statusBeneath(next).map(FileStatus::isSymlink).orElse(false);
      if (!link) {
        real = next;
        continue;
      }
      if (++links > MAX_LINKS) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.copy-link-loop",
                "Symbolic links lead the destination around in a circle",
                path,
                "Remove one of them, or name another place.")
            .asException();
      }
      String target = target(view, real, segment);
      real = target.startsWith("/") ? "" : real;
      List<String> segments = List.of(target.split("/"));
      for (int i = segments.size() - 1; i >= 0; i--) {
        ahead.push(segments.get(i));
      }
    }
    return real;
  }

  private static String target(Directory view, String parent, String link) throws IOException {
    try (Directory in = view.openBeneath(parent)) {
      return in.readLink(link);
    }
  }
}
