package dev.paas.api.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildSettingsTest {

  @Test
  void theyAreWhatWasSetAndStayThatWhenStored() {
    BuildSettings settings =
        with("folder", "./web/", "dockerfile", "docker//prod", "target", "1", "branch", "a/b");
    assertThat(settings.folder()).hasValue("web");
    assertThat(settings.dockerfile()).isEqualTo("docker/prod");
    assertThat(settings.branches()).containsExactly("refs/heads/a/b");
    assertThat(BuildSettings.read(settings.text())).isEqualTo(settings);
    assertThat(settings.with(new TreeMap<>(), settings.values().keySet()))
        .isEqualTo(BuildSettings.NONE);
    assertThat(BuildSettings.read(null)).isEqualTo(BuildSettings.NONE);
    assertThat(BuildSettings.NONE.branches())
        .containsExactly("refs/heads/main", "refs/heads/master");
  }

  @Test
  void anotherBranchMakesNoOtherImage() {
    assertThat(with("branch", "x", "target", "t").buildsAs(with("target", "t"))).isTrue();
    assertThat(with("target", "t").buildsAs(BuildSettings.NONE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "folder,..",
    "folder,a/../b",
    "folder,/etc",
    "folder,.",
    "folder,''",
    "dockerfile,../Dockerfile",
    "dockerfile,/Dockerfile",
    "target,a b",
    "target,''",
    "target,-x",
    "branch,refs/heads/x",
    "branch,a..b",
    "branch,''",
    "branch,x.lock"
  })
  void whatCanNotBeIsRefused(String name, String value) {
    assertThatThrownBy(() -> with(name, value)).hasMessageContaining("build.bad-setting");
  }

  @Test
  void longPathsAndNulAreRefused() {
    assertThatThrownBy(() -> with("folder", "x".repeat(1025)))
        .hasMessageContaining("build.bad-setting");
    assertThatThrownBy(() -> with("folder", "a\0b")).hasMessageContaining("build.bad-setting");
    assertThatThrownBy(() -> with("branch", "x".repeat(201)))
        .hasMessageContaining("build.bad-setting");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dockerfil", "Folder", "", "cache"})
  void unknownNamesAreRefused(String name) {
    assertThatThrownBy(() -> with(name, "x")).hasMessageContaining("build.unknown-setting");
    assertThatThrownBy(() -> BuildSettings.NONE.with(new TreeMap<>(), Set.of(name)))
        .hasMessageContaining("build.unknown-setting");
  }

  private static BuildSettings with(String... namesAndValues) {
    Map<String, String> set = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      set.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new BuildSettings(new TreeMap<>(set));
  }
}
