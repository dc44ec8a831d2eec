package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What COPY and ADD name in the repository. The names are collected and looked up together, so that
 * each folder of the tree is read once however many they are; they are looked up before anything
 * runs, so that mistakes are found with their line.
 */
final class LocalSources {

  private static final Pattern REMOTE =
      Pattern.compile("(?i)(https?|ftp|git|ssh)://.*|git@[^/]+:.*", Pattern.DOTALL);

  /** So many files are compared with a name that is missing. */
  private static final int COMPARED = 2000;

  /** Where each path is written first, in the file's order. */
  private final Map<String, Text> wanted = new LinkedHashMap<>();

  /** A source that must be there. */
  void copied(Text written, String path) {
    wanted.putIfAbsent(path, written);
  }

  /** Refuses a source of ADD that Docker would download. */
  static void refuseRemote(Text written, String source) {
    if (REMOTE.matcher(source).matches()) {
      throw written.problem(
          Kind.INVALID,
          "dockerfile.add-remote",
          "ADD of a URL is not supported",
          "Use RUN curl -fsSLO URL, or commit the file and COPY it.");
    }
  }

  /** Refuses the first that is not there. */
  void check(SourceTree tree) throws IOException {
    Set<String> found = tree.lookUp(wanted.keySet(), entry -> {});
    for (Map.Entry<String, Text> source : wanted.entrySet()) {
      if (!found.contains(source.getKey())) {
        throw missing(tree, source.getKey(), source.getValue());
      }
    }
  }

  private static PaasException missing(SourceTree tree, String path, Text written)
      throws IOException {
    List<String> there = new ArrayList<>();
    tree.first(COMPARED, entry -> there.add(entry.path()));
    String fix =
        Nearest.to(path, there)
            .map(near -> "Did you mean " + near + "?")
            .orElse(
                "Commit the file, or correct the path; it begins at the root of the repository.");
    return written.problem(
        Kind.INVALID,
        "dockerfile.copy-missing",
        "There is no " + Problem.printable(path) + " in the commit",
        fix);
  }
}
