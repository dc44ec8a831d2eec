package dev.paas.api.image;

import static org.hamcrest.Matchers.equalTo;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class ImageIT {

  @Inject Caller caller;

  @ParameterizedTest
  @ValueSource(strings = {"paas/stack:latest", "paas/stack", "docker.io/paas/stack:latest"})
  void theImageThatBuildpacksBeginWithStays(String ref) {
    caller
        .admin()
        .delete("/v1/images?ref=" + ref)
        .then()
        .statusCode(409)
        .body("code", equalTo("image.in-use"));
  }
}
