package dev.paas.builder.buildpack.other;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.FrontEnds;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OtherLanguagesTest {

  /** The width of a terminal, less {@code "remote: ! "}. */
  private static final int COLUMNS = 65;

  private static final BuildOptions OPTIONS =
      BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning());

  static List<String> files() {
    return Languages.ALL.stream()
        .map(
            language ->
                language.files().isEmpty()
                    ? "shop" + language.endings().get(0)
                    : language.files().get(0))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachIsDeclinedWithADockerfileThatCanBeFollowed(String file) throws IOException {
    Problem problem =
        catchThrowableOfType(
                PaasException.class,
                () -> FrontEnds.plan(TestTree.of(file, ""), KnownImages.usual(), OPTIONS))
            .problem();
    assertThat(problem.code()).isEqualTo("build.language-not-built");
    assertThat(problem.value()).isEqualTo(file);
    assertThat(problem.lines()).anyMatch(line -> line.startsWith("FROM "));
    assertThat(problem.lines().stream().skip(1)).allMatch(line -> line.length() <= COLUMNS);

    String dockerfile = problem.lines().stream().skip(2).collect(Collectors.joining("\n"));
    assertThat(dockerfile).doesNotContain("@");
    FrontEnds.plan(
        TestTree.of("Dockerfile", dockerfile, file, "", "target/a.jar", ""),
        BaseImages.UNKNOWN,
        OPTIONS);
  }

  @Test
  void thePageNamesEveryFileThatIsLookedFor() throws IOException {
    String page = Files.readString(Path.of("../docs/languages/others.md"));
    for (Language language : Languages.ALL) {
      assertThat(language.files()).allMatch(file -> page.contains("`" + file + "`"));
      assertThat(language.endings()).allMatch(ending -> page.contains("`*" + ending + "`"));
    }
  }

  @Test
  void theDockerfileOfAProjectFileHasItsName() {
    assertThat(
            catchThrowableOfType(
                    PaasException.class,
                    () ->
                        FrontEnds.plan(
                            TestTree.of("Shop.Web.csproj", ""), KnownImages.usual(), OPTIONS))
                .problem()
                .what())
        .contains("RUN dotnet publish Shop.Web.csproj -c", "exec dotnet Shop.Web.dll");
  }
}
