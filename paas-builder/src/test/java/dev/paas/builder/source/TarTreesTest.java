package dev.paas.builder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.builder.fake.TestTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.Test;

class TarTreesTest {

  private static final SourceLimits LIMITS = new SourceLimits(1 << 20, 1000);

  @Test
  void directoriesComeBeforeTheirContentOnce() throws IOException {
    SourceTree tree =
        TestTree.of("a/b/c", "1", "a/b/d", "2", "a/e", "3", "a-b", "4", "b/b/x", "5", "a.b/y", "6");
    assertThat(names(tree))
        .containsExactly(
            "a-b", "a.b/", "a.b/y", "a/", "a/b/", "a/b/c", "a/b/d", "a/e", "b/", "b/b/", "b/b/x");
  }

  @Test
  void modesLinksAndOwnersAreCanonical() throws IOException {
    SourceTree tree =
        new TestTree()
            .file("plain", "text")
            .executable("run", "#!/bin/sh\n")
            .link("ln", "../outside")
            .submodule("sub")
            .build();
    List<String> shown = new ArrayList<>();
    for (TarArchiveEntry entry : entries(tree)) {
      shown.add(
          "%o %s %s %d:%d%s"
              .formatted(
                  entry.getMode() & 07777,
                  entry.getName(),
                  entry.getLinkName(),
                  entry.getLongUserId(),
                  entry.getLongGroupId(),
                  entry.getUserName()));
      assertThat(entry.getLastModifiedTime().toMillis()).isEqualTo(946_684_800_000L);
    }
    assertThat(shown)
        .containsExactly(
            "777 ln ../outside 0:0", "644 plain  0:0", "755 run  0:0", "755 sub/  0:0");
  }

  @Test
  void contentSurvivesWithNamesOfAnyLength() throws IOException {
    String deep = "d".repeat(90) + "/" + "e".repeat(90) + "/" + "ü€😀".repeat(20);
    SourceTree tree =
        new TestTree()
            .file(deep, "x".repeat(513))
            .file("exact", "y".repeat(512))
            .link("long", "t".repeat(300))
            .build();
    byte[] tar = tar(tree);
    assertThat(tar.length % 512).isZero();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
      TarArchiveEntry entry;
      List<String> seen = new ArrayList<>();
      while ((entry = in.getNextEntry()) != null) {
        seen.add(entry.getName());
        if (entry.getName().equals(deep)) {
          assertThat(in.readAllBytes()).hasSize(513);
        }
        if (entry.getName().equals("long")) {
          assertThat(entry.getLinkName()).isEqualTo("t".repeat(300));
        }
      }
      assertThat(seen).contains(deep, "exact", "long");
    }
  }

  @Test
  void namesAndLinksThatAreNoUtf8StayAsTheyAre() throws IOException {
    InMemoryRepository repository = new InMemoryRepository(new DfsRepositoryDescription("test"));
    byte[][] names = {
      {'c', 'a', 'f', (byte) 0xe8},
      {'c', 'a', 'f', (byte) 0xe9},
      "caf\u00e9".getBytes(StandardCharsets.UTF_8),
      {'x', (byte) 0xed, (byte) 0xb2, (byte) 0x80},
      {'z', (byte) 0xf0, (byte) 0x9f, (byte) 0x98},
    };
    TreeFormatter formatter = new TreeFormatter();
    ObjectId tree;
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId link = inserter.insert(Constants.OBJ_BLOB, names[1]);
      Arrays.sort(names, Arrays::compareUnsigned);
      for (byte[] name : names) {
        formatter.append(name, 0, name.length, FileMode.SYMLINK, link, false);
      }
      tree = inserter.insert(formatter);
      inserter.flush();
    }
    List<String> seen = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(
            new ByteArrayInputStream(tar(GitTree.of(repository, tree))), "ISO-8859-1")) {
      TarArchiveEntry entry;
      while ((entry = in.getNextEntry()) != null) {
        seen.add(entry.getName());
      }
    }
    // Commons Compress decodes pax records as UTF-8; the header has the bytes.
    assertThat(seen).hasSize(names.length);
    byte[] tar = tar(GitTree.of(repository, tree));
    String raw = new String(tar, StandardCharsets.ISO_8859_1);
    for (byte[] name : names) {
      assertThat(raw).contains(" path=" + new String(name, StandardCharsets.ISO_8859_1) + "\n");
      assertThat(PathBytes.bytes(PathBytes.text(name))).isEqualTo(name);
    }
    assertThat(raw).contains(" linkpath=caf\u00e9\n");
  }

  @Test
  void equalTreesHaveEqualDigestsAndOthersDoNot() throws IOException {
    SourceTree one = TestTree.of("b", "2", "a", "1");
    SourceTree same = TestTree.of("a", "1", "b", "2");
    SourceTree generated = GeneratedTree.of(Map.of("b", "2", "a", "1"));
    SourceTree other = TestTree.of("a", "1", "b", "3");
    assertThat(TarTrees.digest(one, LIMITS))
        .isEqualTo(TarTrees.digest(same, LIMITS))
        .isEqualTo(TarTrees.digest(generated, LIMITS))
        .isNotEqualTo(TarTrees.digest(other, LIMITS))
        .matches("sha256:[0-9a-f]{64}");
    assertThat(one.identity()).isEqualTo(same.identity()).isNotEqualTo(other.identity());
  }

  @Test
  void aChangedFileOfTheSameSizeGetsAnotherTimeWhereAServerMakesEtags() throws IOException {
    SourceTree one = new StampedTree(TestTree.of("a", "1"), Stamps.BY_CONTENT);
    SourceTree other = new StampedTree(TestTree.of("a", "2"), Stamps.BY_CONTENT);
    assertThat(entries(one).get(0).getLastModifiedTime())
        .isNotEqualTo(entries(other).get(0).getLastModifiedTime());
  }

  @Test
  void limitsAreKept() {
    SourceTree tree = TestTree.of("a", "12345", "b", "12345");
    assertThatThrownBy(() -> TarTrees.digest(tree, new SourceLimits(9, 10)))
        .hasMessageContaining("build.source-too-large");
    assertThatThrownBy(() -> TarTrees.digest(tree, new SourceLimits(10, 1)))
        .hasMessageContaining("build.too-many-files");
  }

  @Test
  void pathsThatCouldEscapeAreRefused() {
    for (String path : List.of("../a", "/a", "a//b", "a/./b", "a/..", "")) {
      assertThatThrownBy(() -> TarTrees.digest(GeneratedTree.of(Map.of(path, "x")), LIMITS))
          .as(path)
          .hasMessageContaining("build.bad-path");
    }
  }

  @Test
  void filteredTreesAreSmallerAndHaveAnotherIdentity() throws IOException {
    SourceTree tree = TestTree.of("a", "1", "node_modules/x/y", "2");
    SourceTree less = tree.only("less", path -> !path.startsWith("node_modules/"));
    assertThat(names(less)).containsExactly("a");
    assertThat(less.find("node_modules/x/y")).isEmpty();
    assertThat(less.identity()).isNotEqualTo(tree.identity());
    assertThat(tree.hasDirectory("node_modules/x")).isTrue();
    assertThat(tree.hasDirectory("node_modules/x/y")).isFalse();
    assertThat(less.hasDirectory("node_modules")).isFalse();
  }

  private static List<String> names(SourceTree tree) throws IOException {
    return entries(tree).stream().map(TarArchiveEntry::getName).toList();
  }

  private static List<TarArchiveEntry> entries(SourceTree tree) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(
            new ByteArrayInputStream(tar(tree)), StandardCharsets.UTF_8.name())) {
      TarArchiveEntry entry;
      while ((entry = in.getNextEntry()) != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static byte[] tar(SourceTree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarTrees.write(tree, LIMITS, out);
    return out.toByteArray();
  }
}
