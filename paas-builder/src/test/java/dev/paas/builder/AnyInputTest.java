package dev.paas.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Any input of the front ends ends in a plan or a problem. The files are generated from pieces that
 * mean something, put together without sense; {@code -Dpaas.seed} chooses others.
 */
class AnyInputTest {

  private static final int INPUTS = 6000;

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  private static final List<String> KEYWORDS =
      List.of(
          "FROM",
          "RUN",
          "COPY",
          "ADD",
          "ENV",
          "ARG",
          "LABEL",
          "WORKDIR",
          "USER",
          "EXPOSE",
          "VOLUME",
          "STOPSIGNAL",
          "SHELL",
          "CMD",
          "ENTRYPOINT",
          "MAINTAINER",
          "HEALTHCHECK",
          "ONBUILD",
          "from",
          "Copy",
          "#",
          "# escape=`\n#",
          "# check=skip=all;error=true\n#",
          "# check=experimental=all\n#",
          "# check=x\n#",
          "# syntax=x\nFROM",
          "",
          "FRM");

  private static final List<String> WORDS =
      List.of(
          ".",
          "./",
          "/",
          "..",
          "../..",
          "/app",
          "a",
          "a/b",
          "*",
          "**",
          "a*",
          "[",
          "[a-",
          "[^a]b",
          "a\\*",
          "\\",
          "\\\\",
          "\\?",
          "'",
          "\"",
          "'a b'",
          "\"a b\"",
          "$A",
          "${A}",
          "${A:-b}",
          "${A:-${B:-c}}",
          "${A##*/}",
          "${A%%.*}",
          "${A/a/b}",
          "${A//\\//\\/}",
          "${A:?no}",
          "${",
          "$",
          "$$",
          "$@",
          "$999",
          "${}",
          "${A",
          "A=b",
          "A=",
          "=b",
          "A=$A$A",
          "A",
          "AS",
          "as",
          "debian",
          "scratch",
          "node:22",
          "base",
          "s1",
          "0",
          "1",
          "99",
          "--from=0",
          "--from=s1",
          "--from=debian",
          "--from=",
          "--exclude=a*",
          "--exclude=[",
          "--exclude=$A",
          "--parents",
          "--parents=x",
          "a/./b",
          "/./",
          "./**/x",
          "--checksum=sha256:0",
          "--unpack",
          "https://h/x",
          "http://h/%2",
          "https://u:p@h/$A",
          "https://h/r.git#x",
          "127.0.0.1:80:80/TCP",
          "--chown=1:1",
          "--chown=$A",
          "--",
          "--x",
          "--x=y",
          "--platform=$TARGETPLATFORM",
          "80",
          "80/tcp",
          "1-9",
          "9-1",
          "0-99999",
          "[]",
          "[\"a\"]",
          "[\"a\", \"b\"]",
          "[\"\\u0000\"]",
          "[\"\\ud800\"]",
          "[[\"a\"]]",
          "[1]",
          "[",
          "[\"a\"",
          "{}",
          "null",
          "\u0000",
          "\uFEFF",
          "é",
          "\uD83D\uDE00",
          "\u2028",
          "\r",
          "\t",
          "<<EOF",
          "SIGTERM",
          "9",
          "-1",
          "http://h/a",
          "git@h:a",
          "Dockerfile",
          "link/x",
          "dir",
          "dir/",
          "a.tgz",
          "x".repeat(300),
          "#",
          "&&",
          ";",
          "|",
          "`");

  private static final List<String> ENDS =
      List.of("\n", "\n", "\n", "\r\n", " \\\n", "\\\n", " `\n", "\n\n", "\n# c\n", " \\\n\n", "");

  private static final List<String> OTHERS =
      List.of(
          "",
          "web: a",
          "worker: b",
          "web a",
          ": a",
          "release: r",
          "run: r",
          "web:\u0000",
          "web: 'x",
          "{}",
          "{\"scripts\":{\"start\":\"node a\"}}",
          "{\"main\":\"\\u0000\"}",
          "{\"main\":{}}",
          "[]",
          "null",
          "{\"scripts\":[]}",
          "{\"engines\":{\"node\":\"^1 || x\"}}",
          "{\"dependencies\":{\"a\":\"file:.\"}}",
          "{\"workspaces\":[[]]}",
          "root: a",
          "root: /",
          "root: .//",
          "root: [",
          "root: dir",
          "index_fallback: 1",
          "pushstate: yes",
          "---",
          "*",
          "!",
          "!*",
          "#",
          "[",
          "\\",
          "a//b/../c",
          "\uFEFF",
          "\u0000",
          "\r");

  private static final List<String> FILES =
      List.of(
          "Procfile",
          "package.json",
          "Staticfile",
          ".dockerignore",
          "Dockerfile.dockerignore",
          "index.html",
          "public/index.html",
          "package-lock.json",
          "yarn.lock");

  @Test
  void everyInputEndsInAPlanOrAProblem() {
    long seed = Long.getLong("paas.seed", 20_261_129L);
    Random random = new Random(seed);
    int planned = 0;
    for (int i = 0; i < INPUTS; i++) {
      String dockerfile = random.nextInt(8) == 0 ? "" : dockerfile(random);
      TestTree files = files(random, dockerfile);
      SourceTree tree = files.build();
      planned += ends(tree, KnownImages.usual(), seed, dockerfile) ? 1 : 0;
      ends(tree, BaseImages.UNKNOWN, seed, dockerfile);
    }
    // Otherwise the pieces make no sense at all, and little is tried.
    assertThat(planned).isGreaterThan(INPUTS / 50);
  }

  private static boolean ends(SourceTree tree, BaseImages images, long seed, String dockerfile) {
    try {
      Plan plan = FrontEnds.plan(tree, images, OPTIONS);
      assertThat(plan.draft().getSerializedSize()).isLessThan(4 << 20);
      return true;
    } catch (PaasException refused) {
      assertThat(refused.problem().code()).matches("[a-z]+\\.[a-z-]+");
      assertThat(refused.problem().fix()).isNotEmpty();
      return false;
    } catch (Exception | StackOverflowError unexpected) {
      return fail("seed " + seed + ", Dockerfile:\n" + dockerfile, unexpected);
    }
  }

  private static String dockerfile(Random random) {
    StringBuilder out = new StringBuilder();
    if (random.nextInt(4) > 0) {
      out.append("FROM debian AS base\n");
    }
    int lines = random.nextInt(6);
    for (int i = 0; i < lines; i++) {
      out.append(any(random, KEYWORDS));
      int words = random.nextInt(4);
      for (int word = 0; word < words; word++) {
        out.append(random.nextInt(6) == 0 ? "" : " ").append(any(random, WORDS));
      }
      out.append(any(random, ENDS));
    }
    return out.toString();
  }

  private static TestTree files(Random random, String dockerfile) {
    TestTree tree =
        new TestTree()
            .file("a", "x")
            .file("dir/b", "y")
            .file("a.tgz", new byte[] {0x1f, (byte) 0x8b})
            .link("link", "dir")
            .submodule("sub");
    if (!dockerfile.isEmpty()) {
      tree.file("Dockerfile", dockerfile);
    }
    int others = random.nextInt(4);
    for (int i = 0; i < others; i++) {
      String text = any(random, OTHERS) + any(random, ENDS) + any(random, OTHERS);
      tree.file(any(random, FILES), text);
    }
    return tree;
  }

  private static String any(Random random, List<String> pieces) {
    return pieces.get(random.nextInt(pieces.size()));
  }
}
