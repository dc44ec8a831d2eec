package dev.paas.api.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunNameTest {

  @ParameterizedTest
  @CsvSource({
    "debian,docker.io/library/debian:latest",
    "index.docker.io/debian:1,docker.io/library/debian:1",
    "ann/x,docker.io/ann/x:latest",
    "GHCR.io/ann/x:2,ghcr.io/ann/x:2",
    "localhost:5000/x,localhost__5000/x:latest",
    "quay.io/x@sha256:ab,quay.io/x@sha256:ab",
  })
  void theRegistryIsPartOfTheName(String ref, String name) {
    assertThat(RunName.of("ann", ref)).isEqualTo("users/ann/run/" + name);
  }
}
