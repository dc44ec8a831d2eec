package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeredocTest {

  /** What the last RUN of a file hands to the shell; a semicolon is the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "RUN <<EOF;a;b;EOF|a;b;",
        "RUN <<EOF;EOF|",
        "RUN <<-EOF;\t\ta;\tb \tc;\tEOF|a;b \tc;",
        "RUN <<'EOF';$x \\$y 'q' \"q\";EOF|$x \\$y 'q' \"q\";",
        "RUN <<EOF;$x \\$y;EOF|$x \\$y;",
        "RUN <<\"E O F\";a;E O F|a;",
        "RUN <<E\\OF;a;EOF|a;",
        "RUN 3<<EOF;a;EOF|a;",
        "RUN cat <<EOF >/f;a;EOF|cat <<EOF >/f;a;EOF",
        "RUN cat <<-EOF;\ta;\tEOF|cat <<-EOF;\ta;EOF",
        "RUN cat <<A <<B;1;A;2;B|cat <<A <<B;1;A;2;B",
        "RUN python3 <<EOF;print(1);EOF|python3 <<EOF;print(1);EOF",
        "RUN cat <<EOF;# no comment;EOF|cat <<EOF;# no comment;EOF",
        "RUN cat <<EOF;a \\;EOF|cat <<EOF;a \\;EOF",
        "RUN cat <<EOF && \\;  echo x;a;EOF|cat <<EOF &&   echo x;a;EOF",
        "RUN cat <<EOF;FROM x;EOF|cat <<EOF;FROM x;EOF",
      })
  void whatAStepIsGiven(String lines, String command) throws IOException {
    Plan plan = plan("FROM debian\n" + lines.replace(';', '\n') + "\nRUN true");
    List<List<String>> steps =
        plan.draft().getNodesList().stream()
            .filter(Node::hasExec)
            .map(node -> List.copyOf(node.getExec().getArgvList()))
            .toList();
    String expected = command == null ? "" : command.replace(';', '\n');
    assertThat(steps.get(0)).containsExactly("/bin/sh", "-c", expected);
    assertThat(steps.get(1)).containsExactly("/bin/sh", "-c", "true");
  }

  @Test
  void aScriptIsShownToTheStepAndRunByItsInterpreter() throws IOException {
    Plan plan = plan("FROM debian\nRUN <<run.py\n#!/usr/bin/env python3\nprint(1)\nrun.py\n");
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:debian
            n2 tree
            n3 scratch
            n4 n3: copy n2 [.] -> /bound
            n5 n1: exec [/bin/sh, -c, /dev/pipes/run.py] in / as root bind n4:/bound=/dev/pipes
            => n5
            """);
    List<SourceTree.Entry> files = files(plan, "n2");
    assertThat(files).extracting(SourceTree.Entry::path).containsExactly("run.py");
    assertThat(files.get(0).kind()).isEqualTo(SourceTree.Kind.EXECUTABLE);
    assertThat(text(files.get(0))).isEqualTo("#!/usr/bin/env python3\nprint(1)\n");
  }

  /** The file that COPY writes, whose variable x is set. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "COPY <<f /d/;a $x;f|a one;",
        "COPY <<f /d/;${x} ${none:-'q'} \"$x\";f|one 'q' \"one\";",
        "COPY <<f /d/;\\$x \\\\ \\n;f|$x \\ n;",
        "COPY <<'f' /d/;\\$x $x;f|\\$x $x;",
        "COPY <<-f /d/;\t$x;\tf|one;",
        "COPY <<-'f' /d/;\t$x;\tf|$x;",
        "ADD <<f /d/;a;f|a;",
        "COPY <<f /d/;f|",
      })
  void whatAFileIsWrittenWith(String lines, String content) throws IOException {
    Plan plan = plan("FROM debian\nENV x=one\n" + lines.replace(';', '\n'));
    assertThat(Shown.graph(plan)).contains("n1: copy n2 [f] -> /d/\n");
    List<SourceTree.Entry> files = files(plan, "n2");
    assertThat(files).extracting(SourceTree.Entry::path).containsExactly("f");
    assertThat(text(files.get(0))).isEqualTo(content == null ? "" : content.replace(';', '\n'));
  }

  @Test
  void tabsOfAVariableStayWhereThoseOfTheDocumentGo() throws IOException {
    Plan plan = plan("FROM debian\nENV t=\"\ta\"\nCOPY <<-f /d/\n\t$t\n\tf\nCMD x");
    assertThat(text(files(plan, "n2").get(0))).isEqualTo("\ta\n");
  }

  @Test
  void filesOfTheRepositoryAndOfTheDockerfileMayBeCopiedTogether() throws IOException {
    Plan plan =
        plan("FROM debian\nCOPY --chown=1:2 --chmod=640 main.c <<a <<b /d/\n1\na\n2\nb\nCMD x");
    assertThat(Shown.graph(plan))
        .contains(
            """
            n3 n1: copy n2 [main.c] -> /d/ owner 1:2 mode 640
            n4 tree
            n5 n3: copy n4 [a, b] -> /d/ owner 1:2 mode 640
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUN <<EOF;a | dockerfile.open-heredoc | 2:5",
        "RUN cat <<A <<B;A | dockerfile.open-heredoc | 2:13",
        "COPY <<a/b /d/;x;a/b | dockerfile.bad-heredoc | 2:6",
        "COPY <<.. /d/;x;.. | dockerfile.bad-heredoc | 2:6",
        "COPY main.c <<f;x;f | dockerfile.bad-heredoc | 2:6",
        "RUN <<a/b;#!/bin/sh;a/b | dockerfile.bad-heredoc | 2:5",
      })
  void mistakesNameLineAndColumn(String lines, String code, String place) {
    assertThatThrownBy(() -> plan("FROM debian\n" + lines.replace(';', '\n')))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(code);
              assertThat(e.problem().what()).startsWith("Dockerfile:" + place + ": ");
            });
  }

  @Test
  void aFileThatGrowsByItsVariablesIsBounded() {
    String doubling = "ENV a=xxxxxxxxxxxxxxxx\n" + "ENV a=$a$a\n".repeat(12);
    String lines = "$a".repeat(100) + "\n";
    assertThatThrownBy(
            () -> plan("FROM debian\n" + doubling + "COPY <<f /d/\n" + lines.repeat(100) + "f\n"))
        .isInstanceOf(PaasException.class)
        .hasMessageContaining("dockerfile.too-l");
  }

  private static List<SourceTree.Entry> files(Plan plan, String node) throws IOException {
    List<SourceTree.Entry> files = new ArrayList<>();
    Objects.requireNonNull(plan.trees().get(node)).forEach(files::add);
    return files;
  }

  private static String text(SourceTree.Entry entry) throws IOException {
    try (InputStream in = entry.content().open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Plan plan(String dockerfile) throws IOException {
    return new Dockerfile()
        .plan(
            new TestTree().file("Dockerfile", dockerfile).file("main.c", "").build(),
            KnownImages.usual(),
            BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
  }
}
