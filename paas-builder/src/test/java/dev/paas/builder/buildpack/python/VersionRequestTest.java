package dev.paas.builder.buildpack.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionRequestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "3.11           ; FITS",
        "3              ; FITS",
        "3.11.2         ; FITS",
        "python-3.11.2  ; FITS",
        "3.11.9         ; OTHER_PATCH",
        "python-3.11.9  ; OTHER_PATCH",
        "==3.11.*       ; FITS",
        "==3.10.*       ; DIFFERS",
        "3.12           ; DIFFERS",
        "3.1            ; DIFFERS",
        "2.7.18         ; DIFFERS",
        ">=3.8          ; FITS",
        ">=3.8,<4       ; FITS",
        ">=3.8, <4.0    ; FITS",
        ">=3.8,<3.11    ; DIFFERS",
        ">=3.12         ; DIFFERS",
        ">3.11          ; DIFFERS",
        "<=3.11         ; FITS",
        "<3.11          ; DIFFERS",
        "!=3.11         ; DIFFERS",
        "!=3.11.1,>3.9  ; FITS",
        "~=3.9          ; FITS",
        "~=3.11.0       ; FITS",
        "~=3.10.0       ; DIFFERS",
        "^3.10          ; FITS",
        "^3.12          ; DIFFERS",
        "^2.7           ; DIFFERS",
        "~3.11          ; FITS",
        "~3.10          ; DIFFERS",
        "^2.7 || ^3.9   ; FITS",
        "pypy3.9        ; NOT_UNDERSTOOD",
        "my-env         ; NOT_UNDERSTOOD",
        "3.11.2.1.0.0   ; NOT_UNDERSTOOD",
      })
  void theInstalledVersionFitsOrNot(String text, VersionRequest.Answer answer) {
    assertThat(new VersionRequest("file", text).answeredBy("3.11.2")).isEqualTo(answer);
  }
}
