package dev.paas.runtime.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.ImageOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.TreeOp;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GraphOrderTest {

  private static final Node BASE =
      Node.newBuilder().setId("base").setImage(ImageOp.newBuilder().setRef("debian")).build();
  private static final Node TREE =
      Node.newBuilder().setId("src").setTree(TreeOp.newBuilder().setDigest("sha256:x")).build();

  private static Node exec(String id, String input) {
    return Node.newBuilder()
        .setId(id)
        .setExec(ExecOp.newBuilder().setInput(input).addArgv("true"))
        .build();
  }

  private static Node copy(String id, String input, String from) {
    return Node.newBuilder()
        .setId(id)
        .setCopy(
            CopyOp.newBuilder()
                .setInput(input)
                .setFrom(from)
                .addSources(".")
                .setDestination("/app/"))
        .build();
  }

  private static List<String> order(String output, Node... nodes) {
    BuildGraph graph =
        BuildGraph.newBuilder().addAllNodes(List.of(nodes)).setOutput(output).build();
    return GraphOrder.of(graph).stream().map(Node::getId).toList();
  }

  @Test
  void everyNodeComesAfterWhatItNeeds() {
    assertThat(order("run", exec("run", "copy"), copy("copy", "base", "src"), TREE, BASE))
        .containsExactly("base", "src", "copy", "run");
  }

  @Test
  void nodesThatTheOutputDoesNotNeedAreLeftOut() {
    assertThat(order("base", exec("run", "base"), BASE)).containsExactly("base");
  }

  @Test
  void cycleIsRefused() {
    assertThatThrownBy(() -> order("a", exec("a", "b"), exec("b", "a")))
        .hasMessageContaining("build.bad-graph");
  }

  @Test
  void missingNodesAndOutputsAreRefused() {
    assertThatThrownBy(() -> order("a", exec("a", "b"))).hasMessageContaining("not there");
    assertThatThrownBy(() -> order("none", BASE)).hasMessageContaining("output");
    assertThatThrownBy(() -> order("", BASE)).hasMessageContaining("build.bad-graph");
  }

  @Test
  void treeIsNoRootFilesystem() {
    assertThatThrownBy(() -> order("src", TREE)).hasMessageContaining("source tree");
    assertThatThrownBy(() -> order("run", exec("run", "src"), TREE))
        .hasMessageContaining("source tree");
  }

  @Test
  void twiceTheSameIdIsRefused() {
    assertThatThrownBy(() -> order("base", BASE, BASE)).hasMessageContaining("same id");
  }

  @Test
  void incompleteNodesAreRefused() {
    Node empty = Node.newBuilder().setId("x").build();
    Node noArgv =
        Node.newBuilder().setId("x").setExec(ExecOp.newBuilder().setInput("base")).build();
    Node badId =
        Node.newBuilder()
            .setId("x\n")
            .setMakeDir(MakeDirOp.newBuilder().setInput("base").setPath("/a"))
            .build();
    assertThatThrownBy(() -> order("x", empty)).hasMessageContaining("no operation");
    assertThatThrownBy(() -> order("x", noArgv, BASE)).hasMessageContaining("runs nothing");
    assertThatThrownBy(() -> order("x\n", badId, BASE)).hasMessageContaining("usable id");
  }
}
