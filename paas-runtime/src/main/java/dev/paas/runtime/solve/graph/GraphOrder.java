package dev.paas.runtime.solve.graph;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.FetchOp;
import dev.paas.contract.runtime.Node;
import dev.paas.runtime.content.Sha256;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a build graph and puts the nodes that its output needs into an order in which each comes
 * after what it needs.
 */
public final class GraphOrder {

  /** A Dockerfile of a thousand instructions is not a build any more. */
  private static final int MAX_NODES = 1000;

  /** Caches and mounts of one step, sources of one copy: each costs a mount, or a walk. */
  private static final int MAX_MOUNTS = 32;

  private static final int MAX_SOURCES = 1000;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/-]{1,100}");

  /** One segment of a path (NAME_MAX bytes of UTF-8 at most, which the file system checks). */
  private static final Pattern FETCHED = Pattern.compile("[^/]{1,255}");

  private final Map<String, Node> nodes = new HashMap<>();
  private final List<Node> order = new ArrayList<>();
  private final Set<String> done = new HashSet<>();
  private final Set<String> open = new HashSet<>();

  private GraphOrder() {}

  /**
   * The nodes in that order.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.bad-graph}, {@code build.zero-byte}
   */
  public static List<Node> of(BuildGraph graph) {
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
    ordering.visit(graph.getOutput());
    if (ordering.isTree(graph.getOutput())) {
      throw bad("its output is a source tree", graph.getOutput());
    }
    return List.copyOf(ordering.order);
  }

  /** A node on the way from the output to where the walk is. */
  private record Visit(Node node, Iterator<Input> inputs) {}

  private record Input(String node, boolean rootfs) {}

  /** Graphs are deep: a Dockerfile is a chain. */
  private void visit(String output) {
    Deque<Visit> path = new ArrayDeque<>();
    path.push(enter(output, ""));
    while (!path.isEmpty()) {
      Visit last = path.element();
      String id = last.node().getId();
      if (last.inputs().hasNext()) {
        Input input = last.inputs().next();
        if (input.rootfs() && isTree(input.node())) {
          throw bad(id + " builds on a source tree instead of a root filesystem", input.node());
        }
        if (!done.contains(input.node())) {
          path.push(enter(input.node(), id));
        }
      } else {
        path.pop();
        open.remove(id);
        done.add(id);
        order.add(last.node());
      }
    }
  }

  private Visit enter(String id, String by) {
    Node node = nodes.get(id);
    if (node == null) {
      throw bad(
          by.isEmpty() ? "its output is no node" : by + " needs a node that is not there", id);
    }
    if (!open.add(id)) {
      throw bad("a node needs itself", id);
    }
    ZeroBytes.check(node);
    return new Visit(node, inputs(node).iterator());
  }

  private static List<Input> inputs(Node node) {
    String id = node.getId();
    return switch (node.getOpCase()) {
      case IMAGE, TREE -> List.of();
      case FETCH -> {
        checkFetch(id, node.getFetch());
        yield List.of();
      }
      case EXEC -> {
        if (node.getExec().getArgvCount() == 0) {
          throw bad("a step runs nothing", id);
        }
        ExecOp exec = node.getExec();
        if (exec.getCachesCount() + exec.getMountsCount() > MAX_MOUNTS) {
          throw bad("a step has more than " + MAX_MOUNTS + " mounts", id);
        }
        List<Input> all = new ArrayList<>(List.of(new Input(exec.getInput(), true)));
        for (ExecMount mount : exec.getMountsList()) {
          checkMount(id, mount);
          if (mount.hasBind()) {
            all.add(new Input(mount.getBind().getFrom(), true));
          }
        }
        yield all;
      }
      case COPY -> {
        CopyOp copy = node.getCopy();
        if (copy.getSourcesCount() == 0 || copy.getDestination().isEmpty()) {
          throw bad("a copy has no source or no destination", id);
        }
        if (copy.getSourcesCount() > MAX_SOURCES) {
          throw bad("a copy has more than " + MAX_SOURCES + " sources", id);
        }
        yield List.of(new Input(copy.getInput(), true), new Input(copy.getFrom(), false));
      }
      case MAKE_DIR -> List.of(new Input(node.getMakeDir().getInput(), true));
      case OP_NOT_SET -> throw bad("a node has no operation", id);
    };
  }

  private static void checkFetch(String id, FetchOp fetch) {
    String name = fetch.getName();
    if (!FETCHED.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw bad("a download has no usable name", id);
    }
    if (!fetch.getChecksum().isEmpty() && !Sha256.isDigest(fetch.getChecksum())) {
      throw bad("a download's checksum is not sha256 and 64 hexadecimal digits", id);
    }
  }

  private static void checkMount(String id, ExecMount mount) {
    if (mount.getKindCase() == ExecMount.KindCase.KIND_NOT_SET || mount.getTarget().isEmpty()) {
      throw bad("a mount has no kind or no target", id);
    }
    if (mount.getTmpfs().getBytes() < 0) {
      throw bad("a mount has less than no size", id);
    }
  }

  private boolean isTree(String id) {
    Node node = nodes.get(id);
    return node != null && node.getOpCase() == Node.OpCase.TREE;
  }

  private static PaasException bad(String what, String value) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.bad-graph",
            "The build graph can't be executed: " + what,
            value,
            "This is a fault of the caller; send a graph whose nodes are complete and acyclic.")
        .asException();
  }
}
