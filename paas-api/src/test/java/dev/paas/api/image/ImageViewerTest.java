package dev.paas.api.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageViewerTest {

  private static final ImageViewer ANN = new ImageViewer(false, "ann", Set.of("shop", "blog"));

  @ParameterizedTest
  @CsvSource({
    "apps/shop:build-1,shop",
    "docker.io/apps/shop:build-1,shop",
    "index.docker.io/apps/shop:build-1,shop",
    "docker.io/apps/shop,shop",
    "docker.io/apps/shop@sha256:00,shop",
    "docker.io/apps/shop:build-1@sha256:00,shop",
    "docker.io/apps/shop/more:1,shop/more",
  })
  void theNameOfABuildIsItsAppsInEveryForm(String name, String app) {
    assertThat(ImageViewer.app(name)).contains(app);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/library/debian:bookworm-slim",
        "registry.example.org/apps/shop:1",
        "localhost:5000/apps/shop:1",
        "docker.io/team/apps/shop:1",
        "docker.io/myapps/shop:1",
        "docker.io/library/apps:latest",
      })
  void aBaseImageIsNobodysWhereverAppsStandsInItsName(String name) {
    assertThat(ImageViewer.app(name)).isEmpty();
    assertThat(ANN.names(List.of(name))).containsExactly(name);
  }

  @Test
  void ofAnImageThatSeveralHaveEachSeesTheirOwnNames() {
    assertThat(
            ANN.names(
                List.of(
                    "docker.io/apps/shop:build-1",
                    "docker.io/apps/bobs:build-7",
                    "docker.io/apps/shop2:build-1",
                    "docker.io/apps/shop/x:build-1",
                    "docker.io/library/debian:12")))
        .containsExactly("docker.io/apps/shop:build-1", "docker.io/library/debian:12");
  }

  @Test
  void whatAUserLoadedIsTheirsUnderTheirName() {
    List<String> names =
        List.of("docker.io/users/ann/tools:1", "users/ann/x", "docker.io/users/bob/tools:1");
    assertThat(ANN.names(names)).containsExactly("ann/tools:1", "ann/x");
    assertThat(new ImageViewer(true, "root", Set.of()).names(names)).isEqualTo(names);
    assertThat(ANN.stored("ann/tools:1")).isEqualTo("users/ann/tools:1");
    assertThat(ANN.stored("bob/tools:1")).isEqualTo("bob/tools:1");
  }

  @ParameterizedTest
  @CsvSource({
    "ann/tools:1,true",
    "users/ann/tools:1,true",
    "users/anna/tools:1,false",
    "ann:1,false",
    "anna/tools,false",
    "docker.io/ann/tools,false",
    "apps/shop:build-1,false",
  })
  void theNamesOfOnesOwnImagesBeginWithOnesName(String name, boolean own) {
    assertThat(ANN.owns(name)).isEqualTo(own);
  }

  @Test
  void sinceWhenSomebodyElseHasAnImageIsTheirsToKnow() {
    assertThat(ANN.mayKnowWhen(List.of("users/ann/x", "apps/shop:build-1"))).isTrue();
    assertThat(ANN.mayKnowWhen(List.of("users/ann/x", "users/bob/x"))).isFalse();
    assertThat(ANN.mayKnowWhen(List.of("apps/shop:build-1", "apps/bobs:build-1"))).isFalse();
    assertThat(ANN.mayKnowWhen(List.of("users/bob/x", "docker.io/library/debian:12"))).isTrue();
    assertThat(new ImageViewer(true, "root", Set.of()).mayKnowWhen(List.of("users/bob/x")))
        .isTrue();
  }

  @Test
  void anImageWithoutANameToSeeIsNotSeen() {
    assertThat(ANN.names(List.of("docker.io/apps/bobs:build-7"))).isEmpty();
    assertThat(ANN.names(List.of())).isEmpty();
  }

  @Test
  void anAdminSeesAllNames() {
    List<String> names = List.of("docker.io/apps/bobs:build-7", "docker.io/apps/shop:build-1");
    assertThat(new ImageViewer(true, "root", Set.of()).names(names)).isEqualTo(names);
  }
}
