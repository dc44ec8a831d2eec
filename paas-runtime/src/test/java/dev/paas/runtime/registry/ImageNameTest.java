package dev.paas.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.runtime.content.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageNameTest {

  private static final String DIGEST = "sha256:" + "0".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "debian, docker.io/library/debian:latest",
    "debian:bookworm-slim, docker.io/library/debian:bookworm-slim",
    "paas/stack:latest, docker.io/paas/stack:latest",
    "apps/shop:build-7, docker.io/apps/shop:build-7",
    "docker.io/debian, docker.io/library/debian:latest",
    "index.docker.io/library/debian, docker.io/library/debian:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app:1, localhost:5000/app:1",
    "127.0.0.1:5000/a/b/c:v1.2, 127.0.0.1:5000/a/b/c:v1.2",
    "registry.example.org/team/app, registry.example.org/team/app:latest",
    "a__b/c-d.e, docker.io/a__b/c-d.e:latest"
  })
  void nameIsCompletedLikeDockerDoes(String given, String complete) {
    assertThat(ImageName.parse(given)).hasToString(complete);
    assertThat(ImageName.parse(complete)).hasToString(complete);
  }

  @Test
  void digestPinsAndNeedsNoTag() {
    assertThat(ImageName.parse("debian@" + DIGEST))
        .hasToString("docker.io/library/debian@" + DIGEST);
    assertThat(ImageName.parse("debian:12@" + DIGEST).pinned()).contains(new Sha256(DIGEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Debian",
        "a//b",
        "/a",
        "a/",
        "../a",
        "a/../b",
        "a:b:c",
        "a:",
        "a@sha256:1",
        "a@" + "md5:abc",
        "-a",
        "a b",
        "host_x.org/a",
        "a:-tag",
        "a\nb"
      })
  void malformedNameIsRefused(String given) {
    assertThatThrownBy(() -> ImageName.parse(given)).hasMessageContaining("image.bad-name");
  }

  @Test
  void endlessNameIsRefused() {
    assertThatThrownBy(() -> ImageName.parse("a".repeat(300)))
        .hasMessageContaining("image.bad-name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:../../../etc/passwd",
        "sha256:ABCDEF",
        "sha512:0",
        "",
        "0000000000000000000000000000000000000000000000000000000000000000"
      })
  void onlyOneFormIsADigest(String given) {
    assertThatThrownBy(() -> new Sha256(given)).hasMessageContaining("image.bad-digest");
  }

  @Test
  void whatAUserPullsByItsDigestKeepsIt() {
    String digest = "sha256:" + "a".repeat(64);
    assertThat(ImageName.parse("debian@" + digest).of("ann").familiar())
        .isEqualTo("users/ann/debian@" + digest);
    assertThat(ImageName.parse("ghcr.io/x/debian").of("ann").familiar())
        .isEqualTo("users/ann/x/debian:latest");
  }
}
