package dev.paas.builder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.builder.fake.TestTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class GitTreeTest {

  private static final SourceLimits LIMITS = new SourceLimits(1 << 20, 1000);

  private final InMemoryRepository repository =
      new InMemoryRepository(new DfsRepositoryDescription("test"));

  private final ObjectInserter inserter = repository.newObjectInserter();

  @Test
  void treesThatHoldThemselvesManyTimesOverAreRefusedSoon() throws IOException {
    for (boolean empty : new boolean[] {false, true}) {
      SourceTree bomb = bomb(empty);
      refused("build.too-many-files", () -> LIMITS.require(bomb));
      refused(
          "build.too-many-files",
          () -> TarTrees.write(bomb, LIMITS, OutputStream.nullOutputStream()));
      refused("build.too-many-files", () -> bomb.first(1_000_000, entry -> {}));
    }
  }

  @Test
  void namesAreLookedUpInAHugeTreeWithoutReadingAllOfIt() throws IOException {
    SourceTree bomb = bomb(false);
    assertThat(bomb.lookUp(Set.of("d0/d1/d2", "d0/none", "d9"), entry -> {}))
        .containsExactlyInAnyOrder("d0/d1/d2", "d9");
  }

  @Test
  void foldersDeeperThanAPathMayBeAreRefused() throws IOException {
    ObjectId deep = file("f", "x");
    for (int i = 0; i < 3_000; i++) {
      deep = tree(FileMode.TREE, deep, "d");
    }
    inserter.flush();
    SourceTree tree = GitTree.of(repository, deep).within(new SourceLimits(1 << 20, 200_000));
    refused("build.bad-path", () -> LIMITS.require(tree));
    refused("build.bad-path", () -> tree.first(1, entry -> {}));
  }

  @Test
  void aNameLongerThanLinuxTakesIsRefused() throws IOException {
    SourceTree tree = TestTree.of("a/" + "x".repeat(256), "");
    refused("build.bad-path", () -> LIMITS.require(tree));
  }

  @Test
  void manyNamesAreLookedUpAtOnceAndLinksAreLeftToWhoeverFollowsThem() throws IOException {
    SourceTree tree =
        new TestTree()
            .file("a", "")
            .file("dir/b", "")
            .file("dir.x", "")
            .link("link", "dir")
            .build();
    List<String> visited = new ArrayList<>();
    assertThat(
            tree.lookUp(
                Set.of("", "a", "dir", "dir/b", "dir/c", "di", "link", "link/b", "a/b", "/", "a/"),
                entry -> visited.add(entry.path())))
        .containsExactlyInAnyOrder("", "a", "dir", "dir/b", "link", "link/b");
    assertThat(visited).containsExactlyInAnyOrder("a", "dir/b", "link");
  }

  @Test
  void whatIsNoPathIsNowhere() throws IOException {
    SourceTree tree = TestTree.of("a/b", "");
    for (String path : List.of("", "/", "a/", "/a", "//", "a//b", ".", "..", "\0")) {
      assertThat(tree.find(path)).as("[%s]", path).isEmpty();
      assertThat(tree.hasDirectory(path)).as("[%s]", path).isEqualTo(path.isEmpty());
    }
  }

  /** Ten folders, of which each has ten, and so on: ten thousand million files or folders. */
  private SourceTree bomb(boolean empty) throws IOException {
    ObjectId level = empty ? tree(FileMode.TREE, ObjectId.zeroId()) : file("f", "x");
    for (int i = 0; i < 10; i++) {
      level =
          tree(FileMode.TREE, level, "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9");
    }
    inserter.flush();
    return GitTree.of(repository, level).within(LIMITS);
  }

  private ObjectId file(String name, String text) throws IOException {
    ObjectId blob = inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
    return tree(FileMode.REGULAR_FILE, blob, name);
  }

  private ObjectId tree(FileMode mode, ObjectId of, String... names) throws IOException {
    TreeFormatter formatter = new TreeFormatter();
    for (String name : names) {
      formatter.append(name, mode, of);
    }
    return inserter.insert(formatter);
  }

  private static void refused(String code, ThrowingCallable reading) {
    Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                    PaasException.class, e -> assertThat(e.problem().code()).isEqualTo(code)));
  }
}
