package dev.paas.gitreceiver.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshPublicKeyTest {

  private static final String BLOB =
      "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

  private static final String KEY = "ssh-ed25519 " + BLOB;

  private static final long SEED = Long.getLong("paas.seed", 11);

  @TempDir private Path folder;

  @Test
  void aLineOfAPubFileHasTheFingerprintThatSshKeygenPrints() {
    SshPublicKey key = SshPublicKey.parse(KEY + " jan@laptop at home\n");
    assertThat(key.type()).isEqualTo("ssh-ed25519");
    assertThat(key.text()).isEqualTo(KEY);
    assertThat(key.fingerprint()).isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519, 256, ssh-ed25519",
    "ecdsa, 256, ecdsa-sha2-nistp256",
    "ecdsa, 384, ecdsa-sha2-nistp384",
    "ecdsa, 521, ecdsa-sha2-nistp521",
    "rsa, 2048, ssh-rsa",
    "rsa, 4096, ssh-rsa"
  })
  void everyTypeIsReadAsSshKeygenWritesIt(String kind, String bits, String type)
      throws IOException, InterruptedException {
    String line = generated(kind, bits);
    SshPublicKey key = SshPublicKey.parse(line);
    assertThat(key.type()).isEqualTo(type);
    assertThat(line).startsWith(key.text() + " ");
    byte[] blob = Base64.getDecoder().decode(line.split(" ")[1]);
    byte[] longer = Arrays.copyOf(blob, blob.length + 1);
    assertThat(code(type + " " + Base64.getEncoder().encodeToString(longer)))
        .as("with a byte more")
        .isEqualTo("key.malformed");
    Random random = new Random(SEED);
    for (int i = 0; i < 500; i++) {
      byte[] broken = Arrays.copyOf(blob, 1 + random.nextInt(blob.length));
      for (int n = random.nextInt(4); n > 0; n--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      String text = type + " " + Base64.getEncoder().encodeToString(broken);
      assertThat(read(text)).as("seed %d: %s", SEED, text).isIn("key", "key.malformed", "key.weak");
    }
  }

  /** What became of a line: a key, or the code of a problem; any other exception is a bug. */
  private static String read(String line) {
    try {
      SshPublicKey key = SshPublicKey.parse(line);
      return line.equals(key.text()) ? "key" : "another key";
    } catch (PaasException refused) {
      return refused.problem().code();
    }
  }

  @Test
  void theCommentDoesNotMakeAnotherKey() {
    assertThat(SshPublicKey.parse(KEY + " a")).isEqualTo(SshPublicKey.parse(KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ssh-ed25519",
        "ssh-ed25519 %%%",
        "ssh-ed25519 not/base64!",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w==",
        "ssh-ed25519 /////w==",
        "ssh-rsa " + BLOB,
        KEY + "\n" + KEY,
        // A key for nistp256 that calls itself one for nistp384.
        "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==",
      })
  void whatIsNotOnePublicKeyIsMalformed(String line) {
    assertThat(code(line)).isEqualTo("key.malformed");
  }

  @Test
  void aLineOfAnyLengthIsMalformed() {
    assertThat(code("ssh-ed25519 " + "A".repeat(100_000))).isEqualTo("key.malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ssh-dss AAAA", "command=\"id\" " + KEY, "sk-ssh-ed25519@openssh.com AAAA"})
  void otherTypesAreRefusedWithTheWayToMakeOne(String line) {
    assertThat(code(line)).isEqualTo("key.type");
  }

  @Test
  void aShortRsaKeyIsWeak() throws Exception {
    assertThat(code(generated("rsa", "1024"))).isEqualTo("key.weak");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0",
        "-----BEGIN OPENSSH PRIVATE KEY----- c2VjcmV0",
        "\n-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0"
      })
  void aPrivateKeyIsNotRepeated(String text) {
    PaasException refused =
        catchThrowableOfType(PaasException.class, () -> SshPublicKey.parse(text));
    assertThat(refused.problem().code()).isEqualTo("key.private");
    assertThat(refused.problem().toString()).doesNotContain("c2VjcmV0");
  }

  private String generated(String kind, String bits) throws IOException, InterruptedException {
    Path file = folder.resolve(kind + bits);
    Process made =
        new ProcessBuilder(
                "ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-f", file.toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(Path.of(file + ".pub"));
  }

  private static String code(String line) {
    return catchThrowableOfType(PaasException.class, () -> SshPublicKey.parse(line))
        .problem()
        .code();
  }
}
