package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.dockerfile.lint.Check;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Docker's build checks, each with a file that it reports and one that it does not. */
class WarningsTest {

  private static final String END = "\nCMD [\"x\"]";

  private static Stream<Arguments> checks() {
    return Stream.of(
        check("StageNameCasing", 1, "FROM debian AS Base", "FROM debian AS base"),
        check("FromAsCasing", 1, "FROM debian as base", "FROM debian AS base"),
        check(
            "NoEmptyContinuation",
            2,
            "FROM debian\nRUN a && \\\n\n  b",
            "FROM debian\nRUN a && \\\n# why\n  b"),
        check("ConsistentInstructionCasing", 2, "FROM debian\nrun x\nUSER 1", "FROM debian\nRUN x"),
        check(
            "DuplicateStageName",
            2,
            "FROM debian AS a\nFROM debian AS a",
            "FROM debian AS a\nFROM debian AS b"),
        check("ReservedStageName", 1, "FROM debian AS context", "FROM debian AS contexts"),
        check(
            "JSONArgsRecommended",
            2,
            "FROM debian\nENTRYPOINT x",
            "FROM debian\nSHELL [\"/bin/bash\", \"-c\"]\nENTRYPOINT x"),
        check("MaintainerDeprecated", 2, "FROM debian\nMAINTAINER me", "FROM debian\nLABEL m=me"),
        check("UndefinedArgInFrom", 2, "ARG TAG=22\nFROM node:${TGA}22", "FROM node:${TAG:-22}"),
        check(
            "UndefinedVar",
            3,
            "FROM debian\nENV DIR=/d\nWORKDIR /$DRI",
            "FROM debian\nARG DIR\nWORKDIR /$DIR${NO:-}$PATH"),
        check(
            "WorkdirRelativePath",
            2,
            "FROM debian\nWORKDIR a",
            "FROM debian\nWORKDIR /a\nWORKDIR b"),
        check(
            "MultipleInstructionsDisallowed",
            2,
            "FROM debian\nENTRYPOINT [\"a\"]\nENTRYPOINT [\"b\"]",
            "FROM debian AS a\nENTRYPOINT [\"a\"]\nFROM a\nENTRYPOINT [\"b\"]"),
        check("LegacyKeyValueFormat", 2, "FROM debian\nENV A b", "FROM debian\nENV A=b"),
        check(
            "RedundantTargetPlatform",
            1,
            "FROM --platform=$TARGETPLATFORM debian",
            "FROM --platform=$BUILDPLATFORM debian"),
        check(
            "FromPlatformFlagConstDisallowed",
            1,
            "FROM --platform=" + BuildArguments.PLATFORM + " debian",
            "FROM --platform=" + BuildArguments.PLATFORM + " debian AS for-linux"),
        check(
            "SecretsUsedInArgOrEnv",
            2,
            "FROM debian\nARG NPM_TOKEN",
            "FROM debian\nENV TOKENS=1 PUBLIC_KEY=2 KEY_FILE=3 MONKEY=4"),
        check("ExposeProtoCasing", 2, "FROM debian\nEXPOSE 80/TCP", "FROM debian\nEXPOSE 80/tcp"),
        check(
            "ExposeInvalidFormat",
            2,
            "FROM debian\nEXPOSE 127.0.0.1:80:80",
            "FROM debian\nEXPOSE 80"));
  }

  private static Arguments check(String title, int line, String reported, String clean) {
    return Arguments.of(title, line, reported, clean);
  }

  @ParameterizedTest
  @MethodSource("checks")
  void eachCheckReportsItsLineAndNothingElse(String title, int line, String reported, String clean)
      throws IOException {
    assertThat(warnings(reported + END))
        .filteredOn(warning -> warning.endsWith(" (" + title + ")"))
        .hasSize(1)
        .allMatch(warning -> warning.startsWith("Dockerfile:" + line + " warning: "));
    assertThat(warnings(clean + END)).noneMatch(warning -> warning.contains(title));
    assertThat(warnings("# check=skip=" + title + "\n" + reported + END))
        .noneMatch(warning -> warning.contains(title));
  }

  @Test
  void anEmptyDefaultMakesNoNameOfAnImage() {
    assertThatThrownBy(() -> warnings("# check=error=true\nARG TAG\nFROM debian:$TAG" + END))
        .hasMessageContaining("image.not-found");
  }

  @Test
  void experimentalChecksReportWhenTheyAreAskedTo() throws IOException {
    String file = "# build it\nARG VERSION=1\nFROM debian\nCOPY secret/a /";
    assertThat(warnings(file + END)).isEmpty();
    assertThat(warnings("# check=experimental=all\n\n" + file + END))
        .containsExactly(
            "Dockerfile:4 warning: begin the comment above with # VERSION, or put an empty line"
                + " behind it (InvalidDefinitionDescription)",
            "Dockerfile:6 warning: .dockerignore leaves out secret/a (CopyIgnoredFile)");
    assertThat(
            warnings(
                "# check=experimental=InvalidDefinitionDescription\n"
                    + "# VERSION of it\nARG VERSION\nFROM debian"
                    + END))
        .isEmpty();
  }

  @Test
  void warningsAreMistakesWhenTheFileSaysSo() {
    assertThatThrownBy(() -> warnings("# check=error=true\nFROM debian\nMAINTAINER me" + END))
        .hasMessageContaining("dockerfile.check-failed")
        .hasMessageContaining("MaintainerDeprecated");
    assertThatThrownBy(() -> warnings("# check=errors=true\nFROM debian" + END))
        .hasMessageContaining("dockerfile.bad-check");
  }

  @Test
  void onlyDockersOwnFrontEndMayBeAskedFor() throws IOException {
    for (String own : List.of("docker/dockerfile:1", "docker.io/docker/dockerfile:1.7-labs")) {
      assertThat(warnings("# syntax=" + own + "\nFROM debian" + END)).isEmpty();
    }
    assertThatThrownBy(() -> warnings("# syntax=me/front:1\nFROM debian" + END))
        .hasMessageContaining("dockerfile.foreign-syntax");
  }

  @Test
  void warningsAreBounded() throws IOException {
    assertThat(warnings("FROM debian\n" + "MAINTAINER me\n".repeat(100) + END))
        .hasSize(21)
        .endsWith("There are 80 more warnings.");
  }

  @Test
  void everyCheckHasTheNameThatDockerGivesIt() {
    assertThat(Arrays.stream(Check.values()).map(Check::title))
        .allMatch(title -> title.matches("([A-Z]+[a-z]+)+|JSONArgsRecommended"))
        .doesNotHaveDuplicates()
        .hasSize(21);
  }

  @Test
  void aLaterStageTakesTheNameOver() throws IOException {
    assertThat(
            dev.paas.builder.fake.Shown.graph(
                new Dockerfile()
                    .plan(
                        TestTree.of(
                            "Dockerfile",
                            "FROM debian AS a\nRUN one\nFROM a AS a\nRUN two\nFROM debian\n"
                                + "COPY --from=a /x /"
                                + END),
                        KnownImages.usual(),
                        BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()))))
        .contains("n3 n2: exec [/bin/sh, -c, two]")
        .contains("copy n3 [x]");
  }

  private static List<String> warnings(String dockerfile) throws IOException {
    return new Dockerfile()
        .plan(
            TestTree.of(
                "Dockerfile", dockerfile, "secret/a", "x", ".dockerignore", "secret\n# comment"),
            KnownImages.usual(),
            BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()))
        .notes();
  }
}
