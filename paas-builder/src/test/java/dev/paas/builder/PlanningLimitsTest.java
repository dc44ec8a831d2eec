package dev.paas.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a push holds, reading it ends soon: in a plan, or in a problem that says the limit. */
class PlanningLimitsTest {

  /** Each takes a fraction of it on an idle machine. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  @Test
  void aLongChainOfStagesIsTooMany() {
    String chain = lines(1500, i -> "FROM " + (i == 0 ? "debian" : "s" + (i - 1)) + " AS s" + i);
    refused(chain, "dockerfile.too-many", "stages", "planning.max-stages");
    refused(chain.repeat(7), "dockerfile.too-many", "planning.max-instructions");
  }

  @Test
  void aChainOfAsManyStagesAsThereMayBeIsPlanned() {
    planned(
        lines(99, i -> "FROM " + (i == 0 ? "debian" : "s" + (i - 1)) + " AS s" + i)
            + "FROM s98\nCMD x");
  }

  @Test
  void instructionsAreCounted() {
    refused(
        "FROM debian\n" + "USER a\n".repeat(100_000), "dockerfile.too-many", "max-instructions");
  }

  @Test
  void wordsAreCounted() {
    refused("FROM debian\nCOPY " + "a ".repeat(490_000) + "/x/", "dockerfile.too-many", "words");
    refused("FROM debian\nENV " + "A=b ".repeat(200_000), "dockerfile.too-many", "words");
    refused("FROM debian\nARG " + "A ".repeat(490_000), "dockerfile.too-many", "words");
    refused("FROM " + "a ".repeat(490_000), "dockerfile.too-many", "words");
    refused("FROM debian\nRUN " + "--a ".repeat(200_000), "dockerfile.too-many", "words");
    refused("FROM debian\nVOLUME " + "/a ".repeat(300_000), "dockerfile.too-many", "words");
    refused(
        "FROM debian\nCMD [" + "\"\",".repeat(300_000) + "\"\"]", "dockerfile.too-many", "words");
  }

  @Test
  void wordsOfAllInstructionsAreCounted() {
    refused(
        "FROM debian\n" + ("COPY --from=debian " + "a ".repeat(200) + "/x/\n").repeat(1900),
        "dockerfile.too-many",
        "planning.max-words");
  }

  @Test
  void variablesThatHoldVariablesAreBoundedTogether() {
    String a = "FROM debian\nENV A=" + "x".repeat(100_000) + "\n";
    refused(a + lines(1900, i -> "ENV B" + i + "=$A"), "dockerfile.too-large", "max-config");
    refused(a + lines(1900, i -> "ARG B" + i + "=$A"), "dockerfile.too-large", "max-config");
    refused(a + lines(1900, i -> "LABEL B" + i + "=$A"), "dockerfile.too-large", "max-config");
    refused(a + lines(1900, i -> "LABEL B=$A"), "dockerfile.too-large", "max-expanded");
    refused(a + "USER $A$A", "dockerfile.too-long", "131071");
    refused(
        "ARG A=" + "x".repeat(100_000) + "\n" + lines(1900, i -> "ARG B" + i + "=$A"),
        "dockerfile.too-large",
        "max-config");
  }

  @Test
  void entriesOfTheConfigAreCounted() {
    refused(
        "FROM debian\n" + lines(600, i -> "ENV A" + i + "=1 B" + i + "=2"),
        "dockerfile.too-many",
        "variables");
    refused(
        "FROM debian\n" + lines(600, i -> "LABEL A" + i + "=1 B" + i + "=2"),
        "dockerfile.too-many",
        "labels");
    refused(
        "FROM debian\n" + lines(600, i -> "VOLUME /a" + i + " /b" + i),
        "dockerfile.too-many",
        "volumes");
    refused("FROM debian\nEXPOSE 1-65535", "dockerfile.too-many", "ports");
    refused(
        "FROM debian\n" + lines(600, i -> "EXPOSE " + (2 * i + 1) + " " + (2 * i + 2)),
        "dockerfile.too-many",
        "ports");
  }

  @Test
  void theVariablesOfAllStepsTogetherAreBounded() {
    refused(
        "FROM debian\nENV A=" + "x".repeat(100_000) + "\n" + "RUN a\n".repeat(100),
        "build.plan-too-large",
        "max-graph");
  }

  @Test
  void patternsOfAnIgnoreFileAreBoundedInNumberAndLength() {
    assertThatThrownBy(
            () -> plan("Dockerfile", "FROM debian\nCMD x", ".dockerignore", "a\n".repeat(100_000)))
        .hasMessageContaining("build.too-many-patterns");
    assertThatThrownBy(
            () -> plan("Dockerfile", "FROM debian\nCMD x", ".dockerignore", "**/".repeat(100_000)))
        .hasMessageContaining("build.long-pattern");
  }

  @Test
  void aProcfileIsBounded() {
    assertThatThrownBy(() -> plan("Procfile", lines(1000, i -> "p" + i + ": x")))
        .hasMessageContaining("procfile.too-many");
    assertThatThrownBy(() -> plan("Procfile", "web: " + "x".repeat(200_000)))
        .hasMessageContaining("procfile.too-long");
  }

  /** Each was quadratic, or deeper than a thread's stack, in some reader of text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"scripts\":{\"start\":\"node%s\"}}| a",
        "{\"scripts\":{\"start\":\"%s\"}}|npm run start&",
        "{\"scripts\":{\"start\":\"%s\"}}|a=b ",
        "{\"scripts\":{\"start\":\"%s\"}}|@/",
        "{\"scripts\":{\"start\":\"node a\"},\"engines\":{\"node\":\"%s\"}}|a",
        "{\"scripts\":{\"start\":\"node a\"},\"engines\":{\"node\":\"%s\"}}|1 - ",
        "{\"main\":\"a.js\",\"a\":%s|[",
        "{\"main\":\"a.js\",\"a\":[%s[]]}|[],",
        "{\"main\":\"a.js\",\"packageManager\":\"%s\"}|y",
        "%s|[",
        "%s|{\"a\":",
      })
  void aPackageJsonOfAnyShapeIsReadInTime(String shape) {
    int bar = shape.lastIndexOf('|');
    String repeated = shape.substring(bar + 1);
    String text =
        shape.substring(0, bar).replace("%s", repeated.repeat(900_000 / repeated.length()));
    endsInTime("package.json", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"root: %|./", "root: %|a/", "root: %|/", "root: %a|../", "%|root: a\n"})
  void aStaticfileOfAnyShapeIsReadInTime(String shape) {
    int bar = shape.lastIndexOf('|');
    String repeated = shape.substring(bar + 1);
    endsInTime(
        "Staticfile",
        shape.substring(0, bar).replace("%", repeated.repeat(900_000 / repeated.length())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# a=b% x|  ",
        "FROM debian\nRUN % <<|<<  ",
        "FROM debian\nRUN %|1",
        "FROM debian\nCMD %|[",
        "FROM debian\nCMD %|[\"",
        "FROM debian\nENV A=%|${A:-",
        "FROM debian\nENV A=%|\\",
        "FROM debian\nENV A=\"%|\\\"",
        "FROM debian\nENV A=%|'\"",
        "FROM debian\nCOPY % /x|../",
        "FROM debian\nCOPY % /x|[",
        "FROM debian\nCOPY % /x|[a]",
        "FROM debian\nCOPY % /x|a/",
        "FROM debian\nCOPY % /x/|a/b/c/d ",
        "FROM debian\nADD % /x|git@",
        "FROM debian\nWORKDIR %|a/",
        "FROM debian\nUSER %|$A",
        "FROM debian\nRUN a \\\n%|\\\n",
        "FROM debian\nRUN a \\\n%|#\n",
        "%|\n",
        "%|#\n",
        "%|x",
        "%|# a=b\n",
        "FROM %|$",
        "FROM a AS %|b",
        "FROM debian\nLABEL %|a",
        "FROM debian\nEXPOSE %|1-",
        "FROM debian\nEXPOSE %|$$",
        "FROM debian\nSTOPSIGNAL %|A",
        "FROM debian\nRUN --%|a",
        "FROM debian\nENV A=aaaa\nUSER %|${A//*a*/b}",
        "FROM debian\nENV A=aaaa\nUSER %|${A%%*}",
      })
  void aDockerfileOfAnyShapeIsReadInTime(String shape) {
    int bar = shape.lastIndexOf('|');
    String repeated = shape.substring(bar + 1);
    endsInTime(
        "Dockerfile",
        shape
            .substring(0, bar)
            .replaceFirst("%", "\u0001")
            .replace("\u0001", repeated.repeat(900_000 / repeated.length())));
  }

  @Test
  void whatAMessageRepeatsIsShort() {
    String long_ = "a".repeat(900_000);
    for (String line :
        new String[] {
          "COPY " + long_ + " /x",
          "ENV " + long_,
          "USER ${" + long_ + "?}",
          "RUN --" + long_ + " a",
          "COPY a b " + long_,
          long_
        }) {
      assertThatThrownBy(() -> plan("Dockerfile", "FROM debian\n" + line))
          .isInstanceOfSatisfying(
              PaasException.class,
              e -> {
                assertThat(e.problem().what().length()).isLessThan(3000);
                assertThat(e.problem().fix().length()).isLessThan(3000);
              });
    }
  }

  private static void endsInTime(String file, String text) {
    for (BaseImages images : new BaseImages[] {KnownImages.usual(), BaseImages.UNKNOWN}) {
      Assertions.assertTimeout(
          SOON,
          () -> {
            try {
              FrontEnds.plan(TestTree.of(file, text), images, OPTIONS);
            } catch (PaasException refused) {
              assertThat(refused.problem().code()).isNotEmpty();
            }
          });
    }
  }

  private static void planned(String dockerfile) {
    Assertions.assertTimeout(
        SOON, () -> assertThat(plan("Dockerfile", dockerfile).draft().getOutput()).isNotEmpty());
  }

  private static void refused(String dockerfile, String code, String... said) {
    Assertions.assertTimeout(
        SOON,
        () ->
            assertThatThrownBy(() -> plan("Dockerfile", dockerfile))
                .isInstanceOfSatisfying(
                    PaasException.class,
                    e -> {
                      assertThat(e.problem().code()).isEqualTo(code);
                      assertThat(e.problem().what() + e.problem().fix()).contains(said);
                    }));
  }

  private static String lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
  }

  private static Plan plan(String... pathsAndTexts) throws IOException {
    return FrontEnds.plan(TestTree.of(pathsAndTexts), KnownImages.usual(), OPTIONS);
  }
}
