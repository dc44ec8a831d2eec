package dev.paas.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceFileTest {

  @TempDir Path folder;

  @Test
  void methodsAreMeasuredFromTheirReturnTypeToTheirClosingBrace() throws IOException {
    SourceFile file =
        read(
            """
            package a.b;

            class C {
              /** Says something. */
              @Override
              public String toString() {
                return "";
              }

              abstract static class D {
                abstract void missing();

                void run() {}
              }
            }
            """);
    assertThat(file.type()).isEqualTo("a.b.C");
    assertThat(file.lines()).isEqualTo(15);
    assertThat(file.methods())
        .containsExactly(
            new SourceFile.Method("a.b.C.toString", 3, 0, false),
            new SourceFile.Method("a.b.C.D.run", 1, 0, false));
  }

  @Test
  void constructorsOfRecordsAndEnumsAreNotCounted() throws IOException {
    SourceFile file =
        read(
            """
            package a.b;

            class C {
              C(
                  int one,
                  int two) {
                super();
              }

              record R(int one) {
                R {
                  one = 2;
                }
              }

              enum E {
                ONE;

                E() {}
              }
            }
            """);
    assertThat(file.methods())
        .containsExactly(
            new SourceFile.Method("a.b.C", 4, 2, true),
            new SourceFile.Method("a.b.C.R", 3, 1, false),
            new SourceFile.Method("a.b.C.E", 1, 0, false));
  }

  private SourceFile read(String text) throws IOException {
    Files.writeString(folder.resolve("C.java"), text);
    List<SourceFile> files = SourceFile.below(folder);
    assertThat(files).hasSize(1);
    return files.get(0);
  }
}
