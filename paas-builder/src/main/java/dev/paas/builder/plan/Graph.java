package dev.paas.builder.plan;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.FetchOp;
import dev.paas.contract.runtime.ImageOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.TreeOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A build graph while it grows: each method adds a node and answers with its id. The same image or
 * tree is one node however often it is asked for. Used by one thread.
 */
public final class Graph {

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, SourceTree> trees = new LinkedHashMap<>();
  private final long maxBytes;
  private long bytes;

  /**
   * An empty graph.
   *
   * @param maxBytes what its nodes may come to; each carries its command and its variables
   */
  public Graph(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * An image's root filesystem.
   *
   * @param ref name or digest; empty for an empty root filesystem
   */
  public String image(String ref, String title) {
    return known.computeIfAbsent(
        "image " + ref,
        key -> add(Node.newBuilder().setTitle(title).setImage(ImageOp.newBuilder().setRef(ref))));
  }

  /** A source tree; its digest is filled in when it is stored. */
  public String tree(SourceTree tree, String title) {
    return known.computeIfAbsent(
        "tree " + tree.identity(),
        key -> {
          String id = add(Node.newBuilder().setTitle(title).setTree(TreeOp.getDefaultInstance()));
          trees.put(id, tree);
          return id;
        });
  }

  public String exec(String title, ExecOp.Builder exec) {
    return add(Node.newBuilder().setTitle(title).setExec(exec));
  }

  public String copy(String title, CopyOp.Builder copy) {
    return add(Node.newBuilder().setTitle(title).setCopy(copy));
  }

  /** A root filesystem with one downloaded file; each is asked for once. */
  public String fetch(String title, FetchOp fetch) {
    return known.computeIfAbsent(
        "fetch " + fetch.getUrl() + " " + fetch.getChecksum() + " " + fetch.getName(),
        key -> add(Node.newBuilder().setTitle(title).setFetch(fetch)));
  }

  public String makeDirectory(String title, String input, String path, String owner) {
    return add(
        Node.newBuilder()
            .setTitle(title)
            .setMakeDir(MakeDirOp.newBuilder().setInput(input).setPath(path).setOwner(owner)));
  }

  private String add(Node.Builder node) {
    String id = "n" + (nodes.size() + 1);
    Node built = node.setId(id).build();
    bytes += built.getSerializedSize();
    if (bytes > maxBytes) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.plan-too-large",
              "The steps of this build come to more than "
                  + maxBytes
                  + " bytes with their variables and commands",
              Problem.printable(built.getTitle()),
              "Set fewer or shorter variables before RUN, join steps, or raise planning.max-graph.")
          .asException();
    }
    nodes.add(built);
    return id;
  }

  public Map<String, SourceTree> trees() {
    return Map.copyOf(trees);
  }

  /** The graph that ends in this node. */
  public BuildGraph build(String output) {
    return BuildGraph.newBuilder().addAllNodes(nodes).setOutput(output).build();
  }
}
