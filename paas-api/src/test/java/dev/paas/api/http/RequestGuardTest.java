package dev.paas.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestGuardTest {

  private final RequestGuard guard = new RequestGuard(PlatformSettings.DEFAULTS);

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:7410, ",
    "localhost:7410, ",
    "LOCALHOST, ",
    "[::1]:7410, ",
    "[::1], ",
    "api.localhost, ",
    "evil.example, http.foreign-host",
    "127.0.0.1.evil.example:7410, http.foreign-host",
    "localhost.:7410, http.foreign-host",
    ", http.foreign-host",
  })
  void onlyOwnHostNamesAreAnswered(@Nullable String host, @Nullable String code) {
    assertThat(code(guard.refusal("GET", host, null, null))).isEqualTo(code);
  }

  @Test
  void aWriteFromAForeignPageIsRefused() {
    assertThat(code(guard.refusal("POST", "localhost:7410", "http://evil.example", null)))
        .isEqualTo("http.foreign-origin");
    assertThat(code(guard.refusal("DELETE", "localhost:7410", "null", null)))
        .isEqualTo("http.foreign-origin");
    assertThat(code(guard.refusal("POST", "localhost:7410", null, "cross-site")))
        .isEqualTo("http.foreign-origin");
    assertThat(guard.refusal("POST", "localhost:7410", "http://localhost:7410", "same-origin"))
        .isNull();
  }

  private static @Nullable String code(@Nullable Problem problem) {
    return problem == null ? null : problem.code();
  }
}
