package dev.paas.gitreceiver.key;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/**
 * A public key of a type that is accepted, in the form of OpenSSH ({@code ssh-ed25519 AAAA…
 * comment}, RFC 4253 §6.6).
 *
 * @param type e.g. {@code ssh-ed25519}
 * @param text type and key in base64 without a comment: the form to store and to compare
 * @param fingerprint {@code SHA256:…}, as {@code ssh-keygen -l} prints it
 */
public record SshPublicKey(String type, String text, String fingerprint) {

  private static final Set<String> TYPES =
      Set.of(
          KeyPairProvider.SSH_ED25519,
          KeyPairProvider.ECDSA_SHA2_NISTP256,
          KeyPairProvider.ECDSA_SHA2_NISTP384,
          KeyPairProvider.ECDSA_SHA2_NISTP521,
          KeyPairProvider.SSH_RSA);

  /** Shorter RSA keys are within reach of an attacker (NIST SP 800-131A). */
  private static final int MIN_RSA_BITS = 2048;

  /** More than an RSA key of 16,384 bits needs, in characters of the whole line. */
  private static final int MAX_LENGTH = 8192;

  private static final String MAKE_ONE = "Make an Ed25519 key: ssh-keygen -t ed25519.";

  /**
   * Reads one line of a {@code .pub} file.
   *
   * @throws PaasException {@code key.malformed}, {@code key.private}, {@code key.type} or {@code
   *     key.weak}
   */
  public static SshPublicKey parse(String text) {
    if (text.contains("PRIVATE KEY")) {
      // Not repeated in the answer: it is a secret.
      throw Problem.of(
              Kind.INVALID,
              "key.private",
              "This is a private key, which must never leave your machine",
              "Give the content of the file that ends in .pub; keep the other to yourself.")
          .asException();
    }
    String line = text.strip();
    String[] parts = line.split("[ \t]+", 3);
    if (line.length() > MAX_LENGTH || line.lines().count() > 1 || parts.length < 2) {
      throw malformed(line);
    }
    if (!TYPES.contains(parts[0])) {
      throw foreign(parts[0]);
    }
    SshPublicKey key = of(decoded(parts[0] + " " + parts[1], line));
    // A key with bytes after its fields, or of another type than it says, is encoded differently.
    if (!key.type.equals(parts[0]) || !Arrays.equals(key.blob(), decode(parts[1], line))) {
      throw malformed(line);
    }
    return key;
  }

  /**
   * The key that a client offers, or one of the server's own.
   *
   * @throws PaasException {@code key.type} or {@code key.weak}
   */
  public static SshPublicKey of(PublicKey key) {
    String type = String.valueOf(KeyUtils.getKeyType(key));
    if (!TYPES.contains(type)) {
      throw foreign(type);
    }
    int bits = KeyUtils.getKeySize(key);
    if (type.equals(KeyPairProvider.SSH_RSA) && bits < MIN_RSA_BITS) {
      throw Problem.of(
              Kind.INVALID,
              "key.weak",
              "RSA keys need at least " + MIN_RSA_BITS + " bits",
              bits + " bits",
              MAKE_ONE)
          .asException();
    }
    return new SshPublicKey(
        type, PublicKeyEntry.toString(key), KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
  }

  private static PublicKey decoded(String entry, String line) {
    try {
      PublicKey key =
          PublicKeyEntry.parsePublicKeyEntry(entry)
              .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
      if (key == null) {
        throw malformed(line);
      }
      return key;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException undecodable) {
      throw malformed(line);
    }
  }

  private static byte[] decode(String base64, String line) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw malformed(line);
    }
  }

  private byte[] blob() {
    return Base64.getDecoder().decode(text.substring(text.indexOf(' ') + 1));
  }

  private static PaasException foreign(String type) {
    return Problem.of(
            Kind.INVALID, "key.type", "Keys of this type are not accepted", type, MAKE_ONE)
        .asException();
  }

  private static PaasException malformed(String line) {
    return Problem.of(
            Kind.INVALID,
            "key.malformed",
            "This is not a public key in the form of OpenSSH",
            line,
            "Give the one line of a .pub file: ssh-ed25519 AAAA… comment.")
        .asException();
  }

  @Override
  public String toString() {
    return type + " " + fingerprint;
  }
}
