package dev.paas.runtime.solve.copy;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths of copies: brought to the form {@code a/b/c}, and resolved in a root filesystem. */
public final class DestinationPath {

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
   * the root; what is not there yet is taken as it is written.
   */
  public static String resolve(Directory view, String path) throws IOException {
    String real = "";
    for (String segment : clean(RawPath.of(path)).split("/")) {
      if (segment.isEmpty()) {
        continue;
      }
      String next = RawPath.join(real, segment);
      Optional<FileStatus> status = view.statusBeneath(next);
      if (status.isPresent() && status.get().isSymlink()) {
        real =
            view.resolveInRoot(next)
                .orElseThrow(
                    () ->
                        Problem.of(
                                Kind.IMPOSSIBLE,
                                "build.copy-dangling-link",
                                "The destination is a symbolic link that leads to nothing",
                                path,
                                "Make what it leads to first, or copy to another place.")
                            .asException());
      } else {
        real = next;
      }
    }
    return real;
  }
}
