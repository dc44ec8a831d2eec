package dev.paas.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.store.Seal;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class ConfigIT {

  private static final AppName APP = new AppName("configured");

  @Inject Caller caller;
  @Inject ConfigVars config;
  @Inject Seal seal;
  @Inject PlatformSettings settings;

  @BeforeEach
  void freshApp() {
    caller.admin().delete("/v1/apps/configured");
    caller.admin().body("{\"name\":\"configured\"}").post("/v1/apps").then().statusCode(201);
  }

  @Test
  void everyChangeMakesAVersionAndOldOnesStay() {
    caller
        .admin()
        .get("/v1/apps/configured/config")
        .then()
        .body("version", equalTo(0), "vars", anEmptyMap());
    patch("{\"set\":{\"A\":\"1\",\"B\":\"2\"}}", 200);
    caller
        .admin()
        .body("{\"set\":{\"A\":\"ü\"},\"unset\":[\"B\"]}")
        .patch("/v1/apps/configured/config")
        .then()
        .statusCode(200)
        .body(
            "version",
            equalTo(2),
            "changed",
            equalTo(true),
            "vars",
            equalTo(Map.of("A", "ü")),
            "deployment",
            nullValue());
    caller
        .admin()
        .body("{\"set\":{\"A\":\"ü\"},\"unset\":[\"B\"]}")
        .patch("/v1/apps/configured/config")
        .then()
        .statusCode(200)
        .body("version", equalTo(2), "changed", equalTo(false), "deployment", nullValue());
    assertThat(config.current(APP).vars()).isEqualTo(Map.of("A", "ü"));
    assertThat(config.at(APP, 1).vars()).isEqualTo(Map.of("A", "1", "B", "2"));
    assertThat(config.at(APP, 0)).isEqualTo(Config.EMPTY);
    assertThatThrownBy(() -> config.at(APP, 3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aChangeOfNothingMakesNoVersion() {
    patch("{\"set\":{\"A\":\"1\"}}", 200);
    patch("{\"set\":{\"A\":\"1\"},\"unset\":[\"B\"]}", 200);
    assertThat(config.current(APP).version()).isEqualTo(1);
  }

  @Test
  void aBadChangeChangesNothing() {
    patch("{\"set\":{\"A\":\"1\",\"PORT\":\"80\"}}", 400);
    patch("{\"set\":{\"A\":null}}", 400);
    patch("{\"set\":{\"A\":1}}", 400);
    patch("{\"sett\":{\"A\":\"1\"}}", 400);
    assertThat(config.current(APP)).isEqualTo(Config.EMPTY);
  }

  @Test
  void valuesAreSealedOnDisk() throws IOException {
    patch("{\"set\":{\"SECRET\":\"correct-horse-battery\"}}", 200);
    String written = "";
    for (Path file : databaseFiles(settings.platform().data())) {
      written += Files.readString(file, StandardCharsets.ISO_8859_1);
    }
    assertThat(written.contains("configured")).as("the row is there").isTrue();
    assertThat(written.contains("correct-horse")).as("what is sealed can be read").isFalse();
    Path db = settings.platform().data().resolve("db");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(db.resolve("seal.key"))))
        .isEqualTo("r--------");
  }

  /** Where the database keeps each row that was committed. */
  List<Path> databaseFiles(Path data) throws IOException {
    return List.of(data.resolve("db/paas.mv.db"));
  }

  @Test
  void aSealedValueOpensOnlyInItsPlace() {
    byte[] sealed = seal.seal("config/a/1", new byte[] {1, 2, 3});
    assertThat(seal.open("config/a/1", sealed)).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> seal.open("config/b/1", sealed))
        .isInstanceOf(IllegalStateException.class);
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> seal.open("config/a/1", sealed))
        .isInstanceOf(IllegalStateException.class);
  }

  private void patch(String body, int status) {
    caller.admin().body(body).patch("/v1/apps/configured/config").then().statusCode(status);
  }
}
