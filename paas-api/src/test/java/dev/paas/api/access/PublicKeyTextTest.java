package dev.paas.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PublicKeyTextTest {

  private static final String ED25519 =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  @Test
  void aLineOfAPubFileHasTheFingerprintThatSshKeygenPrints() {
    PublicKeyText key = PublicKeyText.parse(ED25519 + " jan@laptop\n");
    assertThat(key.type()).isEqualTo("ssh-ed25519");
    assertThat(key.line()).isEqualTo(ED25519);
    assertThat(key.fingerprint()).isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ssh-ed25519",
        "ssh-dss AAAAB3NzaC1kc3M=",
        "ssh-ed25519 not/base64!",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
        "ssh-ed25519 /////w==",
        ED25519 + "\n" + ED25519,
      })
  void whatIsNotOnePublicKeyIsRefused(String line) {
    assertThatThrownBy(() -> PublicKeyText.parse(line))
        .isInstanceOfSatisfying(
            PaasException.class, e -> assertThat(e.problem().code()).isEqualTo("key.malformed"));
  }

  @Test
  void aPrivateKeyIsRefusedAndNotRepeated() {
    assertThatThrownBy(
            () -> PublicKeyText.parse("-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEA"))
        .isInstanceOfSatisfying(
            PaasException.class, e -> assertThat(e.problem().toString()).doesNotContain("b3BlbnN"));
  }
}
