package dev.paas.api.boot;

import static io.restassured.RestAssured.given;

import dev.paas.base.settings.PlatformSettings;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** Makes requests as the first admin or as another user. */
@Singleton
public final class Caller {

  private final PlatformSettings settings;

  Caller(PlatformSettings settings) {
    this.settings = settings;
  }

  public String adminToken() {
    try {
      return Files.readString(settings.platform().data().resolve("db/first-admin.token")).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  public RequestSpecification admin() {
    return with(adminToken());
  }

  /** A user who is no admin, made by the admin. */
  public RequestSpecification user(String name) {
    String token =
        admin()
            .body(Map.of("name", "t-" + System.nanoTime(), "user", name))
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    return with(token);
  }

  public RequestSpecification with(String token) {
    return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
  }
}
