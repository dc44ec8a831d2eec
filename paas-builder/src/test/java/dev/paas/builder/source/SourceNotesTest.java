package dev.paas.builder.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.builder.fake.TestTree;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceNotesTest {

  private static final String POINTER =
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";

  @Test
  void anOrdinaryTreeLacksNothing() throws IOException {
    assertThat(SourceNotes.of(TestTree.of("index.html", "x", ".gitattributes", "* text=auto")))
        .isEmpty();
  }

  @Test
  void submodulesAreNamed() throws IOException {
    SourceTree tree =
        new TestTree()
            .file(".gitmodules", "[submodule \"lib\"]")
            .submodule("vendor/lib")
            .file("index.html", "x")
            .build();
    assertThat(SourceNotes.of(tree))
        .singleElement()
        .asString()
        .contains("Submodules are not fetched", "empty: vendor/lib.", "paas deploy");
  }

  @Test
  void pointersToLargeFilesAreNamedAndFilesThemselvesAreNot() throws IOException {
    TestTree tree =
        new TestTree()
            .file(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text")
            .file("real.bin", "bytes")
            .file("long.bin", POINTER + "x".repeat(1024))
            .link("link.bin", POINTER);
    for (int i = 1; i <= 5; i++) {
      tree.file("big" + i + ".bin", POINTER);
    }
    List<String> notes = SourceNotes.of(tree.build());
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("big1.bin, big2.bin, big3.bin and 2 more", "paas deploy")
        .doesNotContain("real", "long", "link");
  }
}
