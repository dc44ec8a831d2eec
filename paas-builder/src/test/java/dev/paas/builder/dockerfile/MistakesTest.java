package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Dockerfile's mistakes are told together. */
class MistakesTest {

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  @Test
  void allMistakesAreToldInTheFilesOrderEachWithItsPlaceCaretAndFix() {
    Problem problem =
        refused(
            """
            # escape=x
            FROM debian AS 1x
            RUNN make
            ENV A
            COPY main.cc /
            COPY --chmod=rwx main.c /
            EXPOSE http
            CMD x
            """);
    assertThat(problem.code()).isEqualTo("dockerfile.mistakes");
    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.what().lines())
        .startsWith(
            "Dockerfile: 7 mistakes",
            "",
            "Dockerfile:1:1: The escape character can be a backslash or a backtick",
            "    only",
            "",
            "    # escape=x",
            "    ^",
            "    Write # escape=` or remove the line. (dockerfile.bad-escape)",
            "",
            "Dockerfile:2:16: This is not a name for a stage");
    assertThat(places(problem)).containsExactly("1:1", "2:16", "3:1", "4:5", "5:6", "6:14", "7:8");
    assertThat(problem.what()).contains("Did you mean RUN? (dockerfile.unknown-instruction)");
  }

  @Test
  void oneMistakeIsToldAsItself() {
    assertThat(refused("FROM debian\nRUNN make\nCMD x").code())
        .isEqualTo("dockerfile.unknown-instruction");
  }

  @Test
  void whatNeedsNoImageIsToldBeforeAnyIsFetched() {
    PaasException refused =
        catchThrowableOfType(
            PaasException.class,
            () -> plan("FROM missing\nENV =1\nFORM x\nCMD y", BaseImages.UNKNOWN));
    assertThat(places(refused.problem())).containsExactly("2:5", "3:1");
  }

  @Test
  void aVariableWhoseInstructionIsWrongCausesNoOtherMistake() {
    assertThat(refused("FROM debian\nENV A=${B:?no}\nENV C=${A:?none}\nEXPOSE $C\nCMD x").what())
        .startsWith("Dockerfile:2:7: ");
  }

  @Test
  void aDocumentOfAMisspeltInstructionIsNoInstruction() {
    assertThat(refused("FROM debian\nRUNN <<EOF\nwhatever this is\nEOF\nCMD x").what())
        .startsWith("Dockerfile:2:1: There is no instruction RUNN");
  }

  @Test
  void stagesThatNothingNeedsAreNotRefused() throws IOException {
    Plan plan =
        plan(
            """
            FROM debian AS test
            RUNN tests
            COPY nothing /
            FROM --platform=linux/s390x debian AS other
            FROM debian
            CMD ["x"]
            """,
            KnownImages.usual());
    assertThat(plan.notes())
        .contains(
            "Dockerfile:2:1: There is no instruction RUNN. Nothing needs this stage, so it is not"
                + " built.")
        .anyMatch(note -> note.startsWith("Dockerfile:4:6: This host builds for"));
    Problem needed = refused("FROM debian AS test\nRUNN tests\nFROM test\nCMD [\"x\"]\nLABEL =x\n");
    assertThat(places(needed)).containsExactly("2:1", "5:7");
  }

  @Test
  void soManyMistakesEndTheReading() {
    Problem problem = refused("FROM debian\n" + "XYZZY\n".repeat(10_000));
    assertThat(problem.what()).startsWith("Dockerfile: 20 or more mistakes\n");
    assertThat(problem.what()).hasSizeLessThan(Problem.MAX_SENTENCE_LENGTH);
    assertThat(problem.what()).containsPattern("and \\d+ more$");
  }

  @Test
  void aBoundOfTheFileEndsTheReadingWithWhatIsKnown() {
    Problem problem = refused("FROM debian\nXYZZY\n" + "COPY" + " a".repeat(2_000) + " /\nCMD x");
    assertThat(problem.what()).contains("dockerfile.unknown-instruction", "dockerfile.too-many");
  }

  @Test
  void aMistakeInATriggerOfTheFileIsToldOnce() {
    assertThat(refused("FROM debian AS a\nONBUILD FROM x\nFROM a\nCMD x").what())
        .startsWith("Dockerfile:2:9: FROM can't be an ONBUILD instruction");
  }

  private static List<String> places(Problem problem) {
    return problem
        .what()
        .lines()
        .filter(line -> line.matches("Dockerfile:\\d+:.*"))
        .map(line -> line.split(":", 4)[1] + ":" + line.split(":", 4)[2])
        .toList();
  }

  private static Problem refused(String dockerfile) {
    return catchThrowableOfType(PaasException.class, () -> plan(dockerfile, KnownImages.usual()))
        .problem();
  }

  private static Plan plan(String dockerfile, BaseImages images) throws IOException {
    return new Dockerfile()
        .plan(TestTree.of("Dockerfile", dockerfile, "main.c", "int main() {}"), images, OPTIONS);
  }
}
