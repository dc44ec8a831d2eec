package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Mistakes;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What COPY and ADD name in the repository. The names are collected and looked up together, so that
 * each folder of the tree is read once however many they are; they are looked up before anything
 * runs, so that mistakes are found with their line.
 */
final class LocalSources {

  /** So many files are compared with a name that is missing. */
  private static final int COMPARED = 2000;

  /** Where each path is written first, in the file's order. */
  private final Map<String, Text> wanted = new LinkedHashMap<>();

  /** A source that must be there. */
  void copied(Text written, String path) {
    wanted.putIfAbsent(path, written);
  }

  /** Each that is not there is a mistake. */
  void check(SourceTree tree, Mistakes mistakes) throws IOException {
    Set<String> found = tree.lookUp(wanted.keySet(), entry -> {});
    List<String> there = new ArrayList<>();
    for (Map.Entry<String, Text> source : wanted.entrySet()) {
      if (!found.contains(source.getKey())) {
        if (there.isEmpty()) {
          tree.first(COMPARED, entry -> there.add(entry.path()));
        }
        Text written = source.getValue();
        mistakes.add(missing(there, source.getKey(), written), written.offset());
      }
    }
  }

  private static PaasException missing(List<String> there, String path, Text written) {
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
