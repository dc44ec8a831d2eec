package dev.paas.builder.plan;

import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.TreeOp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a source tree becomes an image. Complete once {@link #trees} are stored: {@link #graph(Map)}.
 *
 * @param draft the build graph, in which the digests of trees are still empty
 * @param config of the resulting image
 * @param trees what must be stored with paas-runtimed, by the id of the graph's node that names it
 * @param processes the process types and their commands
 * @param inherited the processes are those of the base image: nothing in the source asked for them
 * @param notes what the person who pushed should know, one sentence each
 */
public record Plan(
    BuildGraph draft,
    ImageConfig config,
    Map<String, SourceTree> trees,
    ProcessTable processes,
    boolean inherited,
    List<String> notes) {

  public Plan {
    trees = Map.copyOf(trees);
    notes = List.copyOf(notes);
  }

  /** The same plan with more to tell. */
  public Plan noting(List<String> more) {
    return new Plan(
        draft,
        config,
        trees,
        processes,
        inherited,
        Stream.concat(notes.stream(), more.stream()).toList());
  }

  /**
   * The graph for {@code Solve}.
   *
   * @param digests of the stored trees, by the same ids as {@link #trees}
   */
  public BuildGraph graph(Map<String, String> digests) {
    Map<String, String> missing = new LinkedHashMap<>();
    BuildGraph.Builder complete = draft.toBuilder();
    for (Node.Builder node : complete.getNodesBuilderList()) {
      if (node.hasTree()) {
        String digest = digests.get(node.getId());
        if (digest == null) {
          missing.put(node.getId(), node.getTitle());
        } else {
          node.setTree(TreeOp.newBuilder().setDigest(digest));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("trees without a digest: " + missing);
    }
    return complete.build();
  }
}
