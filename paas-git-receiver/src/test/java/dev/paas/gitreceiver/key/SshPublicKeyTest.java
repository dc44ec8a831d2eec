package dev.paas.gitreceiver.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import org.junit.jupiter.api.Test;

class SshPublicKeyTest {

  private static final String BLOB =
      "AAAAC3NzaC1lZDI1NTE5AAAAICjrwaMhlLFzTjIkeq+QT6tyILWQfBUQTnY+dKE1NpNH";

  @Test
  void readsALineOfAPubFile() {
    SshPublicKey key = SshPublicKey.parse("ssh-ed25519 " + BLOB + " me at home\n");
    assertThat(key.type()).isEqualTo("ssh-ed25519");
    assertThat(key.comment()).isEqualTo("me at home");
    assertThat(key.text()).isEqualTo("ssh-ed25519 " + BLOB);
    assertThat(key.fingerprint()).startsWith("SHA256:").hasSize(50);
  }

  @Test
  void theCommentDoesNotMakeAnotherKey() {
    assertThat(SshPublicKey.parse("ssh-ed25519 " + BLOB + " a"))
        .isEqualTo(SshPublicKey.parse("ssh-ed25519 " + BLOB));
  }

  @Test
  void brokenKeysAreRefused() {
    assertThat(code("")).isEqualTo("key.malformed");
    assertThat(code("ssh-ed25519")).isEqualTo("key.malformed");
    assertThat(code("ssh-ed25519 %%%")).isEqualTo("key.malformed");
    assertThat(code("ssh-ed25519 " + BLOB.substring(0, 40))).isEqualTo("key.malformed");
    assertThat(code("ssh-rsa " + BLOB)).isEqualTo("key.malformed");
    assertThat(code("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w==")).isEqualTo("key.malformed");
    assertThat(code("ssh-ed25519 " + BLOB + "\nssh-ed25519 " + BLOB)).isEqualTo("key.malformed");
  }

  @Test
  void otherTypesAreRefusedWithTheWayToMakeOne() {
    assertThat(code("ssh-dss AAAA")).isEqualTo("key.type");
    assertThat(code("command=\"id\" ssh-ed25519 " + BLOB)).isEqualTo("key.type");
  }

  @Test
  void aPrivateKeyIsNotRepeated() {
    PaasException refused =
        catchThrowableOfType(
            PaasException.class,
            () -> SshPublicKey.parse("-----BEGIN OPENSSH PRIVATE KEY-----\nsecret"));
    assertThat(refused.problem().code()).isEqualTo("key.private");
    assertThat(refused.getMessage()).doesNotContain("secret");
  }

  private static String code(String line) {
    return catchThrowableOfType(PaasException.class, () -> SshPublicKey.parse(line))
        .problem()
        .code();
  }
}
