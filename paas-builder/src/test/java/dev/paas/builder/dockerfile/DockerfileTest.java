package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Node;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  @Test
  void severalStagesBecomeOneGraph() throws IOException {
    Plan plan =
        plan(
            """
            FROM debian AS build
            RUN apt-get update && apt-get install -y gcc
            WORKDIR /src
            COPY *.c ./
            RUN gcc -static -o server main.c
            FROM debian AS unused
            RUN never
            FROM scratch
            COPY --from=build --chown=1000:1000 /src/server /server
            USER 1000
            ENTRYPOINT ["/server"]
            """);
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:debian
            n2 n1: exec [/bin/sh, -c, apt-get update && apt-get install -y gcc] in / as root
            n3 n2: mkdir /src
            n4 tree
            n5 n3: copy n4 [*.c] -> /src/
            n6 n5: exec [/bin/sh, -c, gcc -static -o server main.c] in /src as root
            n7 scratch
            n8 n7: copy n6 [src/server] -> /server owner 1000:1000
            => n8
            """);
    assertThat(plan.config().getEntrypointList()).containsExactly("/server");
    assertThat(plan.config().getUser()).isEqualTo("1000");
    assertThat(plan.trees()).containsOnlyKeys("n4");
    assertThat(plan.draft().getNodes(5).getTitle()).isEqualTo("RUN gcc -static -o server main.c");
  }

  @Test
  void theGraphIsCompleteWithTheDigestsOfItsTrees() throws IOException {
    Plan plan = plan("FROM scratch\nCOPY . /\nCMD [\"/a\"]");
    assertThatThrownBy(() -> plan.graph(Map.of())).isInstanceOf(IllegalArgumentException.class);
    Node tree = plan.graph(Map.of("n2", "sha256:abc")).getNodes(1);
    assertThat(tree.getTree().getDigest()).isEqualTo("sha256:abc");
  }

  @Test
  void aStageMayBeginWhereAnotherEnded() throws IOException {
    Plan plan =
        plan(
            """
            FROM debian AS base
            ENV A=1
            ARG B=2
            WORKDIR /w
            FROM base
            RUN echo $A $B
            CMD a
            """);
    assertThat(exec(plan).getEnvList()).containsExactly("PATH=/usr/bin:/bin", "A=1", "B=2");
    assertThat(exec(plan).getWorkingDir()).isEqualTo("/w");
    assertThat(plan.config().getEnvList()).containsExactly("PATH=/usr/bin:/bin", "A=1");
  }

  @Test
  void theConfigOfTheBaseImageIsInheritedAndEntrypointClearsItsCommand() throws IOException {
    ImageConfig kept = plan("FROM node:22\nEXPOSE 80").config();
    assertThat(kept.getEntrypointList()).containsExactly("docker-entrypoint.sh");
    assertThat(kept.getCmdList()).containsExactly("node");
    assertThat(kept.getUser()).isEqualTo("node");
    assertThat(kept.getWorkingDir()).isEqualTo("/srv");
    ImageConfig cleared = plan("FROM node:22\nENTRYPOINT [\"x\"]").config();
    assertThat(cleared.getCmdList()).isEmpty();
    ImageConfig own = plan("FROM node:22\nCMD [\"c\"]\nENTRYPOINT [\"x\"]").config();
    assertThat(own.getCmdList()).containsExactly("c");
  }

  @Test
  void configInstructionsFillTheConfig() throws IOException {
    ImageConfig config =
        plan("""
                FROM scratch
                MAINTAINER A B <a@b>
                LABEL one=1 two="2 2" "three"=3
                LABEL old style value
                ENV A=a B="b $A" C=$A
                ENV D old style
                EXPOSE 80 443/tcp 53/udp 9000-9001
                EXPOSE 80
                VOLUME /a /b
                VOLUME ["/c"]
                STOPSIGNAL sigquit
                SHELL ["/bin/bash", "-ec"]
                WORKDIR /x
                WORKDIR y/../z
                CMD run it
                """)
            .config();
    assertThat(config.getLabelsMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "one", "1",
                "two", "2 2",
                "three", "3",
                "old", "style value"));
    assertThat(config.getAuthor()).isEqualTo("A B <a@b>");
    assertThat(config.getEnvList())
        .containsExactly("PATH=" + StageState.DEFAULT_PATH, "A=a", "B=b ", "C=", "D=old style");
    assertThat(config.getExposedPortsList())
        .containsExactly("80/tcp", "443/tcp", "53/udp", "9000/tcp", "9001/tcp");
    assertThat(config.getVolumesList()).containsExactly("/a", "/b", "/c");
    assertThat(config.getStopSignal()).isEqualTo("SIGQUIT");
    assertThat(config.getWorkingDir()).isEqualTo("/x/z");
    assertThat(config.getCmdList()).containsExactly("/bin/bash", "-ec", "run it");
  }

  @Test
  void argumentsHaveTheirScopes() throws IOException {
    Plan plan =
        plan(
            """
            ARG TAG=bian
            ARG GLOBAL=g
            FROM de${TAG}
            ARG GLOBAL
            ARG TAG=own
            ARG UNSET
            ARG TARGETARCH TARGETSTAGE
            RUN x
            CMD y
            """);
    assertThat(exec(plan).getEnvList())
        .contains("GLOBAL=g", "TAG=own", "TARGETSTAGE=default")
        .noneMatch(v -> v.startsWith("UNSET"));
    assertThat(exec(plan).getEnvList()).anyMatch(v -> v.matches("TARGETARCH=(amd64|arm64)"));
    assertThat(plan.config().getEnvList()).containsExactly("PATH=/usr/bin:/bin");
  }

  @Test
  void aStageSeesNoGlobalArgumentThatItDoesNotDeclare() throws IOException {
    assertThat(exec(plan("ARG A=1\nFROM debian\nRUN x$A\nCMD y")).getEnvList())
        .containsExactly("PATH=/usr/bin:/bin");
  }

  @Test
  void runIsNotExpandedAndHasAPath() throws IOException {
    var run = exec(plan("FROM scratch\nENV A=1\nUSER u\nRUN echo \"$A\"\nCMD x"));
    assertThat(run.getArgvList()).containsExactly("/bin/sh", "-c", "echo \"$A\"");
    assertThat(run.getEnvList()).containsExactly("PATH=" + StageState.DEFAULT_PATH, "A=1");
    assertThat(run.getUser()).isEqualTo("u");
    assertThat(exec(plan("FROM debian\nRUN [\"a\", \"b c\"]\nCMD x")).getArgvList())
        .containsExactly("a", "b c");
  }

  @Test
  void workingDirectoriesBelongToTheUserOfTheStage() throws IOException {
    assertThat(Shown.graph(plan("FROM debian\nUSER bob\nWORKDIR /home/bob\nCMD x")))
        .contains("n2 n1: mkdir /home/bob owner bob");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COPY main.c . | [main.c] -> /w/",
        "COPY main.c ./ | [main.c] -> /w/",
        "COPY main.c x | [main.c] -> /w/x",
        "COPY main.c /x/ | [main.c] -> /x/",
        "COPY . . | [.] -> /w/",
        "COPY ./sub/ /x | [sub] -> /x",
        "COPY /main.c ../../../y | [main.c] -> /y",
        "COPY ../main.c y | [main.c] -> /w/y",
        "COPY main.c sub /d/ | [main.c, sub] -> /d/",
        "COPY [\"main.c\", \"with blank/\"] | [main.c] -> /w/with blank/",
        "COPY m*.c s?b $D/ | [m*.c, s?b] -> /dir/",
        "COPY --chown=$U:g main.c / | [main.c] -> / owner u1:g",
        "ADD main.c /a | [main.c] -> /a unpacked",
        "COPY --parents sub/x /p | [sub/x] -> /p with parents",
        "COPY --parents=true ./sub/./x /p/ | [sub/./x] -> /p/ with parents",
        "COPY --parents /./sub/x /p/ | [sub/x] -> /p/ with parents",
        "COPY --parents **/x sub/./. /p/ | [**/x, sub/./] -> /p/ with parents",
        "COPY --parents=false sub/./x /p/ | [sub/x] -> /p/",
        "COPY --exclude=*.md --exclude=$D/x . . | [.] -> /w/ except [*.md, dir/x]",
        "ADD --exclude=./x sub /s/ | [sub] -> /s/ unpacked except [x]",
        "COPY --from=node:22 --parents --exclude=a /usr/./bin / | [usr/./bin] -> / with parents except [a]",
        "COPY --from=node:22 /usr/bin/node /bin/ | [usr/bin/node] -> /bin/",
        "COPY --from=\"node:22\" /usr/bin/node /bin/ | [usr/bin/node] -> /bin/",
        "COPY main.c $NONE | [main.c] -> /w/",
        "COPY [\"main.c\", \"\"] | [main.c] -> /w/",
        "COPY main.c sub $NONE | [main.c, sub] -> /w/",
        "COPY $NONE /x/ | [.] -> /x/",
        "ADD . .. | [.] -> / unpacked",
        "ADD / / | [.] -> / unpacked",
        "ADD .//x/.. .//x/./ | [.] -> /w/x/ unpacked",
        "ADD *.tgz /d/ | [*.tgz] -> /d/ unpacked",
        "COPY sub/../../main.c //y//z | [main.c] -> /y/z",
      })
  void copyKnowsItsPaths(String line, String expected) throws IOException {
    Plan plan = plan("FROM debian\nWORKDIR /w\nENV D=/dir U=u1\n" + line + "\nCMD x");
    assertThat(Shown.graph(plan)).contains(expected + "\n");
  }

  @Test
  void filesOfAnAddressAreDownloadedOnceAndCopied() throws IOException {
    String sum = "sha256:" + "a".repeat(64);
    Plan plan =
        plan(
            """
            FROM debian
            ARG V=1.2
            ADD --chmod=755 --chown=5 https://h/tool-$V.tgz?x=y#z main.c /opt/
            ADD --checksum=%s --unpack HTTP://h:80/a%%20b /opt/b
            ADD https://h/tool-1.2.tgz?x=y#z /srv/
            ADD --unpack=false a.tgz /d/
            CMD x
            """
                .formatted(sum));
    assertThat(Shown.graph(plan))
        .isEqualTo(
            """
            n1 image sha256:debian
            n2 tree
            n3 n1: copy n2 [main.c] -> /opt/ owner 5 mode 755 unpacked
            n4 fetch https://h/tool-1.2.tgz?x=y#z as tool-1.2.tgz
            n5 n3: copy n4 [tool-1.2.tgz] -> /opt/ owner 5 mode 755
            n6 fetch HTTP://h:80/a%%20b as a b %s
            n7 n5: copy n6 [a b] -> /opt/b unpacked
            n8 n7: copy n4 [tool-1.2.tgz] -> /srv/
            n9 n8: copy n2 [a.tgz] -> /d/
            => n9
            """
                .formatted(sum));
  }

  @Test
  void oneChecksumIsForOneDownload() {
    for (String sources : List.of("main.c", "https://h/a https://h/b", "https://h/a")) {
      String line = "ADD --checksum=sha256:" + "a".repeat(64) + " " + sources + " /d/";
      if (sources.equals("https://h/a")) {
        assertThatCode(() -> plan("FROM debian\n" + line + "\nCMD x")).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> plan("FROM debian\n" + line + "\nCMD x"))
            .hasMessageContaining("dockerfile.bad-checksum");
      }
    }
  }

  @Test
  void ignoredFilesAreLeftOutOfTheContextOnly() throws IOException {
    Plan plan =
        new Dockerfile()
            .plan(
                TestTree.of(
                    "Dockerfile",
                    "FROM debian AS a\nCOPY . /\nFROM debian\nCOPY --from=a / /\nCOPY . /\nCMD x",
                    ".dockerignore",
                    "# comment\n\n/node_modules/\n **/*.log \n!keep.log\n./a/../b\n"),
                KnownImages.usual(),
                OPTIONS);
    String patterns = " without [node_modules, **/*.log, !keep.log, b]";
    assertThat(Shown.graph(plan))
        .contains("n1: copy n2 [.] -> /" + patterns + "\n")
        .contains("n1: copy n3 [.] -> /\n")
        .contains("n4: copy n2 [.] -> /" + patterns + "\n");
  }

  @Test
  void whatLiesOutsideOfTheRepositoryIsNotIgnoredInIt() throws IOException {
    assertThat(
            DockerIgnore.of(
                TestTree.of(".dockerignore", "../a\n!b/../../c\n/../d\ne/../f\n..\n.\n!\n"),
                "Dockerfile",
                OPTIONS.limits()))
        .containsExactly("d", "f");
  }

  @Test
  void halvesOfCharactersInAnArrayBecomeTheReplacementCharacter() throws IOException {
    assertThat(plan("FROM debian\nCMD [\"\\ud800a\", \"\\ud83d\\ude00\"]").config().getCmdList())
        .containsExactly("\ufffda", "\ud83d\ude00");
  }

  @Test
  void theDockerfilesOwnIgnoreFileWins() throws IOException {
    assertThat(
            DockerIgnore.of(
                TestTree.of("Dockerfile.dockerignore", "a", ".dockerignore", "b"),
                "Dockerfile",
                OPTIONS.limits()))
        .containsExactly("a");
  }

  @Test
  void onlyNeededImagesAreAskedFor() throws IOException {
    KnownImages images = KnownImages.usual();
    new Dockerfile()
        .plan(
            TestTree.of("Dockerfile", "FROM missing AS a\nFROM debian AS b\nFROM b\nCMD x"),
            images,
            OPTIONS);
    assertThat(images.asked()).containsExactly("debian");
  }

  @Test
  void aMisspeltExecFormIsNoted() throws IOException {
    assertThat(plan("FROM debian\nCMD ['node', 'a.js']").notes())
        .anyMatch(note -> note.startsWith("Dockerfile:2 looks like the exec form"));
    assertThat(plan("FROM debian\nRUN [ -e /x ]\nCMD [\"x\"]").notes()).isEmpty();
  }

  @Test
  void platformsAreAcceptedWhenTheyAreThisHosts() throws IOException {
    assertThat(plan("FROM --platform=$BUILDPLATFORM debian\nCMD x").draft().getNodesCount())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUN x | dockerfile.no-from | 1:1 | Begin with FROM",
        "ARG A=1 | dockerfile.no-from | 1:8 | Begin with FROM",
        "FROM | dockerfile.no-arguments | 1:5 | Write e.g. FROM",
        "FROM a b | dockerfile.bad-from | 1:8 | FROM image AS name",
        "FROM debian AS | dockerfile.bad-from | 1:13 | FROM image AS name",
        "FROM debian AS 1x | dockerfile.bad-stage-name | 1:16 | letter first",
        "FROM $NONE | dockerfile.bad-from | 1:6 | default",
        "FROM missing | image.not-found | 1:6 | paas image pull",
        "FROM apps/shop:build-1 | dockerfile.private-image | 1:6 | registry",
        "FROM docker.io/apps/shop:build-1 | dockerfile.private-image | 1:6 | registry",
        "FROM sha256:abc | dockerfile.private-image | 1:6 | registry",
        "FROM --platform=linux/s390x debian | dockerfile.other-platform | 1:6 | TARGETPLATFORM",
        "FROM --foo debian | dockerfile.unsupported-flag | 1:6 | Remove",
        "FROM debian;RUN --device=x y | dockerfile.unsupported-flag | 2:5 | --mount",
        "FROM debian;RUN --security=insecure y | dockerfile.unsupported-flag | 2:5 | --mount",
        "FROM debian;RUN --network=host y | dockerfile.bad-network | 2:5 | --network=none",
        "FROM debian;RUN | dockerfile.no-arguments | 2:4 | RUN make",
        "FROM debian;COPY a | dockerfile.no-destination | 2:6 | COPY file.txt",
        "FROM debian;COPY main.cc / | dockerfile.copy-missing | 2:6 | Did you mean main.c?",
        "FROM debian;COPY --chmod=rwx main.c / | dockerfile.bad-mode | 2:14 | --chmod=755",
        "FROM debian;COPY --chmod=99 main.c / | dockerfile.bad-mode | 2:14 | --chmod=755",
        "FROM debian;COPY --parents=maybe main.c / | dockerfile.bad-flag | 2:6 | =false",
        "FROM debian;COPY --link= main.c / | dockerfile.bad-flag | 2:6 | =false",
        "FROM --platform=linux/amd64/v3/x debian | dockerfile.other-platform | 1:6 | TARGETPLATFORM",
        "FROM debian;STOPSIGNAL SIGNOPE | dockerfile.bad-signal | 2:12 | SIGTERM",
        "FROM debian;STOPSIGNAL RTMIN+16 | dockerfile.bad-signal | 2:12 | SIGTERM",
        "FROM debian;COPY --exclude=[a main.c / | dockerfile.bad-pattern | 2:16 | bracket",
        "FROM debian;COPY --parents sub/./y / | dockerfile.copy-missing | 2:16 | sub/x",
        "FROM debian;ADD --parents main.c / | dockerfile.unsupported-flag | 2:5 | --exclude",
        "FROM debian;ADD --from=a main.c / | dockerfile.unsupported-flag | 2:5 | --chown",
        "FROM debian;COPY --from=5 a / | dockerfile.no-stage | 2:13 | numbered from 0",
        "FROM debian AS build;FROM debian;COPY --from=biuld a / | image.not-found | 3:13 | stage build",
        "FROM debian AS a;COPY --from=a x / | dockerfile.no-stage | 2:13 | ends before",
        "FROM debian AS a;COPY --from=0 x / | dockerfile.no-stage | 2:13 | ends before",
        "FROM debian AS a;COPY --from=B x /;FROM a AS b | dockerfile.no-stage | 2:13 | ends before",
        "FROM debian;COPY --from=x a / | image.not-found | 2:13 | pull",
        "FROM debian;ADD git@h:x.git / | dockerfile.add-remote | 2:5 | git clone",
        "FROM debian;ADD https://h/x.git#v1:sub / | dockerfile.add-remote | 2:5 | git clone",
        "FROM debian;ADD ftp://h/x / | dockerfile.add-remote | 2:5 | https://",
        "FROM debian;ADD https://me:pass@h/x / | dockerfile.bad-url | 2:5 | password",
        "FROM debian;ADD https://h/a%00b / | dockerfile.bad-url | 2:5 | %20",
        "FROM debian;ADD https://h/a%zz / | dockerfile.bad-url | 2:5 | %20",
        "FROM debian;ADD https:///a / | dockerfile.bad-url | 2:5 | a host",
        "FROM debian;ADD --checksum=md5:1 https://h/x / | dockerfile.bad-checksum | 2:16 | sha256",
        "FROM debian;ADD --keep-git-dir main.c / | dockerfile.unsupported-flag | 2:5 | --unpack",
        "FROM debian;ADD aa.tgz / | dockerfile.copy-missing | 2:5 | a.tgz",
        "FROM debian;ENV A | dockerfile.no-value | 2:5 | A=value",
        "FROM debian;ENV A=1 B | dockerfile.no-value | 2:9 | NAME=value",
        "FROM debian;ENV =1 | dockerfile.no-name | 2:5 | NAME=value",
        "FROM debian;ENV A=${B:?unset} | dockerfile.unset-variable | 2:7 | ARG B",
        "FROM debian;EXPOSE http | dockerfile.bad-port | 2:8 | 8080",
        "FROM debian;EXPOSE 70000 | dockerfile.bad-port | 2:8 | 8080",
        "FROM debian;STOPSIGNAL now! | dockerfile.bad-signal | 2:12 | SIGTERM",
        "FROM debian;SHELL bash | dockerfile.bad-shell | 2:7 | SHELL [",
        "FROM debian;LABEL | dockerfile.no-arguments | 2:6 | LABEL NAME=value",
        "FROM debian;WORKDIR | dockerfile.no-arguments | 2:8 | /app",
        "FROM debian;USER --x y | dockerfile.unsupported-flag | 2:6 | flag",
      })
  void mistakesNameLineColumnAndFix(String text, String code, String place, String fix) {
    assertThatThrownBy(() -> plan(text.replace(';', '\n')))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(code);
              assertThat(e.problem().what()).startsWith("Dockerfile:" + place + ": ");
              assertThat(e.problem().what()).endsWith("^");
              assertThat(e.problem().fix()).contains(fix);
            });
  }

  @Test
  void aModeOfThousandsOfSignsIsRefusedAsAnyOther() {
    assertThatThrownBy(
            () -> plan("FROM debian\nCOPY --chmod=" + "+".repeat(100_000) + " main.c /\nCMD x"))
        .hasMessageContaining("dockerfile.bad-mode");
  }

  @Test
  void aStepMayHaveManyWordsBesideADocument() throws IOException {
    String words = "a ".repeat(5_000);
    Plan plan = plan("FROM debian\nRUN echo $((1<<2)) " + words + "\nCMD x");
    assertThat(exec(plan).getArgv(2)).endsWith(words.strip());
  }

  @Test
  void variablesThatDoubleThemselvesAreStopped() {
    String text = "FROM debian\nENV A=xxxxxxxx\n" + "ENV A=$A$A\n".repeat(40);
    assertThatThrownBy(() -> plan(text)).hasMessageContaining("dockerfile.too-long");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "COPY sub\\*x /y | sub\\*x",
        "COPY *.c /y | *.c",
        "COPY app/n\\?pe/f /y | app/n\\?pe/f",
        "COPY [a-c]x /y/ | [a-c]x",
        "COPY --from=debian back\\\\slash /y | back\\\\slash",
        "COPY --from=debian b\\ack /y | back",
        "COPY --from=debian 'a[0]' /y | a[0]",
        "COPY --from=debian a\\[0] /y | a\\[0]",
      })
  void whatIsEscapedStaysSoInAPattern(String line, String source) throws IOException {
    Plan plan =
        new Dockerfile()
            .plan(
                new TestTree()
                    .file("Dockerfile", "FROM debian\n" + line + "\nCMD x")
                    .file("sub*x", "")
                    .file("app/n?pe/f", "")
                    .build(),
                KnownImages.usual(),
                OPTIONS);
    assertThat(plan.draft().getNodesList())
        .filteredOn(Node::hasCopy)
        .allSatisfy(node -> assertThat(node.getCopy().getSourcesList()).containsExactly(source));
  }

  @Test
  void theStringsOfAnArrayAreExpandedWhereWordsAre() throws IOException {
    Plan plan =
        plan(
            "FROM debian\nENV D=/d S=sub\nCOPY [\"$S/x\", \"${D}/\"]\nVOLUME [\"$D\"]\nCMD [\"$D\"]");
    assertThat(Shown.graph(plan)).contains("[sub/x] -> /d/");
    assertThat(plan.config().getVolumesList()).containsExactly("/d");
    assertThat(plan.config().getCmdList()).containsExactly("$D");
  }

  @Test
  void anImageFromNothingHasDockersSearchPath() throws IOException {
    Plan plan = plan("FROM scratch\nENV A=$PATH:/a\nCMD [\"/x\"]");
    assertThat(plan.config().getEnvList())
        .containsExactly("PATH=" + StageState.DEFAULT_PATH, "A=" + StageState.DEFAULT_PATH + ":/a");
  }

  private static dev.paas.contract.runtime.ExecOp exec(Plan plan) {
    return plan.draft().getNodesList().stream()
        .filter(Node::hasExec)
        .reduce((first, second) -> second)
        .orElseThrow()
        .getExec();
  }

  private static Plan plan(String dockerfile) throws IOException {
    return new Dockerfile()
        .plan(
            new TestTree()
                .file("Dockerfile", dockerfile)
                .file("main.c", "int main() {}")
                .file("sub/x", "x")
                .file("a.tgz", new byte[] {0x1f, (byte) 0x8b, 8, 0})
                .build(),
            KnownImages.usual(),
            OPTIONS);
  }

  @Test
  void byteOrderMarksAreSkipped() throws IOException {
    assertThat(plan("\uFEFFFROM debian\nCMD x").config().getCmdList())
        .isEqualTo(List.of("/bin/sh", "-c", "x"));
  }
}
