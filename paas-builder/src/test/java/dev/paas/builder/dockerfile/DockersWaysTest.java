package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.Shown;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.contract.runtime.ImageConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What BuildKit takes although nobody would expect it: it is taken here, and mostly told. */
class DockersWaysTest {

  private static Plan plan(String lines) throws IOException {
    ImageConfig.Builder exposing = ImageConfig.newBuilder().addExposedPorts("80/tcp");
    return new Dockerfile()
        .plan(
            TestTree.of("Dockerfile", lines, "a", "a", "b", "b"),
            KnownImages.usual().with("web", exposing),
            BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COPY a b /d | Dockerfile:2 copies several files to /d",
        "COPY [\"a\",\"b\",\"/d\"] | Dockerfile:2 copies several files to /d",
        "EXPOSE 22 3000 | requests go to 3000",
        "RUN --mount=type=cache,target=/c,ro x | mounts its cache read-only",
      })
  void whatFewPeopleMeanIsTold(String line, String note) throws IOException {
    assertThat(plan("FROM debian\n" + line).notes()).anyMatch(each -> each.contains(note));
  }

  @ParameterizedTest
  @ValueSource(strings = {"COPY a b /d/", "COPY a /d", "CMD [\"a\"]", "EXPOSE 3000 53/udp"})
  void whatIsMeantIsNot(String line) throws IOException {
    assertThat(plan("FROM debian\n" + line).notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://h | __unnamed__",
        "https://h/ | __unnamed__",
        "https://h/a/.. | __unnamed__",
        "https://h/a/b/ | b",
        "https://h/a%2fb | b",
        "https://h/a%20b?c=d/e | a b",
      })
  void aDownloadIsCalledByTheLastOfItsPath(String url, String name) throws IOException {
    assertThat(Shown.graph(plan("FROM debian\nADD " + url + " /d/")))
        .contains("fetch " + url + " as " + name + "\n")
        .contains("-> /d/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux", "LINUX", "$TARGETPLATFORM", "$BUILDPLATFORM", "$TARGETARCH"})
  void everyNameOfThisHostsPlatformIsTaken(String platform) throws IOException {
    assertThat(plan("FROM --platform=" + platform + " debian\nCMD [\"x\"]").config().getCmdList())
        .containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker/dockerfile:1",
        "docker.io/docker/dockerfile:1.7-labs",
        "docker/dockerfile-upstream:master",
        "mirror.example.org/hub/docker/dockerfile:1.4",
      })
  void dockersFrontEndMayComeFromAMirror(String image) throws IOException {
    assertThat(plan("# syntax=" + image + "\nFROM debian\nUSER x").notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x/dockerfile:1",
        "notdocker/dockerfile",
        "docker/dockerfile2",
        "docker/dockerfile/x"
      })
  void anyOtherIsRefused(String image) {
    assertThatThrownBy(() -> plan("# syntax=" + image + "\nFROM debian"))
        .hasMessageContaining("dockerfile.foreign-syntax");
  }

  @Test
  void architecturesHaveSeveralNames() {
    boolean intel = BuildArguments.PLATFORM.equals("linux/amd64");
    for (String name : new String[] {"linux/x86_64", "x86-64", "linux/amd64/v1", "AMD64"}) {
      assertThat(BuildArguments.isPlatform(name)).as(name).isEqualTo(intel);
    }
    for (String name : new String[] {"windows/amd64", "linux/amd64/v9", "linux/", "", "x/y/z/w"}) {
      assertThat(BuildArguments.isPlatform(name)).as(name).isFalse();
    }
  }

  @Test
  void whatTheFileExposesComesBeforeWhatItsBaseDoes() throws IOException {
    assertThat(plan("FROM web\nEXPOSE 3000").config().getExposedPortsList())
        .containsExactly("3000/tcp", "80/tcp");
    assertThat(
            plan("FROM web AS a\nEXPOSE 3000\nFROM a\nEXPOSE 81 80").config().getExposedPortsList())
        .containsExactly("3000/tcp", "81/tcp", "80/tcp");
  }

  @Test
  void anEmptyImageHasDockersDirectory() throws IOException {
    assertThat(plan("FROM scratch\nCMD [\"x\"]").config().getWorkingDir()).isEqualTo("/");
  }
}
