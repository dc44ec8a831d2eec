package dev.paas.runtime.solve;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a build graph and puts the nodes that its output needs into an order in which each comes
 * after what it needs.
 */
final class GraphOrder {

  /** A Dockerfile of a thousand instructions is not a build any more. */
  private static final int MAX_NODES = 1000;

  /** Caches of one step, sources of one copy: each costs a mount, or a walk. */
  private static final int MAX_CACHES = 32;

  private static final int MAX_SOURCES = 1000;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/-]{1,100}");

  private final Map<String, Node> nodes = new HashMap<>();
  private final List<Node> order = new ArrayList<>();
  private final Set<String> done = new HashSet<>();
  private final Set<String> open = new HashSet<>();

  private GraphOrder() {}

  static List<Node> of(BuildGraph graph) {
    GraphOrder ordering = new GraphOrder();
    if (graph.getNodesCount() > MAX_NODES) {
      throw bad("it has more than " + MAX_NODES + " nodes", "");
    }
    for (Node node : graph.getNodesList()) {
      if (!ID.matcher(node.getId()).matches()) {
        throw bad("a node has no usable id", node.getId());
      }
      if (ordering.nodes.put(node.getId(), node) != null) {
        throw bad("two nodes have the same id", node.getId());
      }
    }
    ordering.visit(graph.getOutput(), "");
    if (ordering.isTree(graph.getOutput())) {
      throw bad("its output is a source tree", graph.getOutput());
    }
    return List.copyOf(ordering.order);
  }

  private void visit(String id, String by) {
    Node node = nodes.get(id);
    if (node == null) {
      throw bad(
          by.isEmpty() ? "its output is no node" : by + " needs a node that is not there", id);
    }
    if (done.contains(id)) {
      return;
    }
    if (!open.add(id)) {
      throw bad("a node needs itself", id);
    }
    checkTexts(node);
    switch (node.getOpCase()) {
      case IMAGE, TREE -> {}
      case EXEC -> {
        rootfs(node.getExec().getInput(), id);
        if (node.getExec().getArgvCount() == 0) {
          throw bad("a step runs nothing", id);
        }
        if (node.getExec().getCachesCount() > MAX_CACHES) {
          throw bad("a step has more than " + MAX_CACHES + " caches", id);
        }
      }
      case COPY -> {
        rootfs(node.getCopy().getInput(), id);
        visit(node.getCopy().getFrom(), id);
        if (node.getCopy().getSourcesCount() == 0 || node.getCopy().getDestination().isEmpty()) {
          throw bad("a copy has no source or no destination", id);
        }
        if (node.getCopy().getSourcesCount() > MAX_SOURCES) {
          throw bad("a copy has more than " + MAX_SOURCES + " sources", id);
        }
      }
      case MAKE_DIR -> rootfs(node.getMakeDir().getInput(), id);
      case OP_NOT_SET -> throw bad("a node has no operation", id);
    }
    open.remove(id);
    done.add(id);
    order.add(node);
  }

  /** No path, argument or variable can hold a zero byte (execve(2), path_resolution(7)). */
  private static void checkTexts(Node node) {
    List<String> texts = new ArrayList<>();
    ExecOp exec = node.getExec();
    texts.addAll(exec.getArgvList());
    texts.addAll(exec.getEnvList());
    texts.addAll(List.of(exec.getWorkingDir(), exec.getUser()));
    exec.getCachesList().forEach(cache -> texts.add(cache.getTarget()));
    CopyOp copy = node.getCopy();
    texts.addAll(copy.getSourcesList());
    texts.addAll(copy.getExcludesList());
    texts.addAll(List.of(copy.getDestination(), copy.getOwner()));
    texts.addAll(List.of(node.getMakeDir().getPath(), node.getMakeDir().getOwner()));
    if (texts.stream().anyMatch(text -> text.indexOf('\0') >= 0)) {
      throw bad("a text in it has a zero byte", node.getId());
    }
  }

  private void rootfs(String input, String by) {
    visit(input, by);
    if (isTree(input)) {
      throw bad(by + " builds on a source tree instead of a root filesystem", input);
    }
  }

  private boolean isTree(String id) {
    Node node = nodes.get(id);
    return node != null && node.getOpCase() == Node.OpCase.TREE;
  }

  private static PaasException bad(String what, String value) {
    return Problem.of(
            "build.bad-graph",
            "The build graph can't be executed: " + what,
            value,
            "This is a fault of the caller; send a graph whose nodes are complete and acyclic.")
        .asException();
  }
}
