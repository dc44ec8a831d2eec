package dev.paas.runtime.solve.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.FetchOp;
import dev.paas.contract.runtime.ImageOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.TreeOp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void aChainAsLongAsAGraphMayBeIsFollowedOnASmallStack() throws InterruptedException {
    Node[] chain = new Node[1000];
    chain[0] = BASE;
    for (int i = 1; i < chain.length; i++) {
      chain[i] = exec("n" + i, i == 1 ? "base" : "n" + (i - 1));
    }
    List<String> found = new ArrayList<>();
    Thread small = new Thread(null, () -> found.addAll(order("n999", chain)), "small", 160L << 10);
    small.start();
    small.join();
    assertThat(found).hasSize(1000).startsWith("base", "n1").endsWith("n998", "n999");
  }

  @ParameterizedTest
  @ValueSource(strings = {"argument 2", "environment variable 1", "working directory", "user"})
  void aZeroByteIsToldWithItsField(String field) {
    ExecOp.Builder step = ExecOp.newBuilder().setInput("base").addArgv("sh").addArgv("-c");
    switch (field) {
      case "argument 2" -> step.setArgv(1, "a\0b");
      case "environment variable 1" -> step.addEnv("A=a\0b");
      case "working directory" -> step.setWorkingDir("/a\0b");
      default -> step.setUser("a\0b");
    }
    Node node = Node.newBuilder().setId("x").setTitle("RUN it").setExec(step).build();
    assertThatThrownBy(() -> order("x", node, BASE))
        .hasMessageContaining("build.zero-byte")
        .hasMessageContaining("The " + field + " of a step")
        .hasMessageContaining("RUN it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"source 1", "destination", "owner", "ignore pattern 1"})
  void aZeroByteOfACopyIsToldWithItsField(String field) {
    CopyOp.Builder copy =
        CopyOp.newBuilder().setInput("base").setFrom("src").addSources("a").setDestination("/b");
    switch (field) {
      case "source 1" -> copy.setSources(0, "a\0b");
      case "destination" -> copy.setDestination("/a\0b");
      case "owner" -> copy.setOwner("a\0b");
      default -> copy.addExcludes("a\0b");
    }
    Node node = Node.newBuilder().setId("x").setCopy(copy).build();
    assertThatThrownBy(() -> order("x", node, BASE, TREE))
        .hasMessageContaining("build.zero-byte")
        .hasMessageContaining("The " + field + " of a step");
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

  @ParameterizedTest
  @CsvSource({
    "tool, ''",
    "a tool, sha256:0000000000000000000000000000000000000000000000000000000000000000",
  })
  void aDownloadIsARootFilesystem(String name, String checksum) {
    assertThat(order("run", exec("run", "get"), fetch(name, checksum)))
        .containsExactly("get", "run");
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "., ''", ".., ''", "a/b, ''", "/, ''", "tool, sha256:0", "tool, md5:0"})
  void aDownloadHasOneNameAndAWholeChecksum(String name, String checksum) {
    assertThatThrownBy(() -> order("get", fetch(name, checksum)))
        .hasMessageContaining("build.bad-graph");
  }

  private static Node fetch(String name, String checksum) {
    return Node.newBuilder()
        .setId("get")
        .setFetch(FetchOp.newBuilder().setUrl("https://h/").setName(name).setChecksum(checksum))
        .build();
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
