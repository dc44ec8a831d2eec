package dev.paas.api.access;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of an OpenSSH public key file, checked (RFC 4253 §6.6, RFC 8709, RFC 5656).
 *
 * @param type e.g. {@code ssh-ed25519}
 * @param line type and key in base64, without a comment
 * @param fingerprint {@code SHA256:…} as ssh-keygen -l prints it
 */
record PublicKeyText(String type, String line, String fingerprint) {

  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "ssh-rsa");

  /** Largest blob: an RSA key of 16384 bits takes 2 KiB. */
  private static final int MAX_BLOB = 4096;

  private static final int MIN_RSA_BITS = 2048;

  static PublicKeyText parse(@Nullable String line) {
    if (line == null || line.strip().isEmpty()) {
      throw bad("There is no key", "").asException();
    }
    if (line.contains("PRIVATE KEY")) {
      // Not repeated in the answer: it is a secret.
      throw bad("This is a private key, which must never leave your machine", "").asException();
    }
    String[] parts = line.strip().split("[ \t]+", 3);
    if (parts.length < 2 || line.strip().indexOf('\n') >= 0 || !TYPES.contains(parts[0])) {
      throw bad("This is not a public key of a kind that is taken here", parts[0]).asException();
    }
    try {
      byte[] blob = Base64.getDecoder().decode(parts[1]);
      check(parts[0], blob);
      return new PublicKeyText(parts[0], parts[0] + " " + parts[1], fingerprint(blob));
    } catch (IllegalArgumentException | BufferUnderflowException malformed) {
      throw bad("The key is damaged", parts[0]).asException(malformed);
    }
  }

  /** The fingerprint of a key in SSH's wire form. */
  static String fingerprint(byte[] blob) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void check(String type, byte[] blob) {
    if (blob.length > MAX_BLOB) {
      throw new IllegalArgumentException("too long");
    }
    ByteBuffer wire = ByteBuffer.wrap(blob);
    if (!new String(field(wire), StandardCharsets.US_ASCII).equals(type)) {
      throw new IllegalArgumentException("the type inside differs");
    }
    switch (type) {
      case "ssh-ed25519" -> require(field(wire).length == 32);
      case "ssh-rsa" -> {
        field(wire);
        if (new java.math.BigInteger(1, field(wire)).bitLength() < MIN_RSA_BITS) {
          throw weak();
        }
      }
      default -> {
        require(type.endsWith(new String(field(wire), StandardCharsets.US_ASCII)));
        require(field(wire).length > 0);
      }
    }
    require(!wire.hasRemaining());
  }

  private static byte[] field(ByteBuffer wire) {
    int length = wire.getInt();
    require(length >= 0 && length <= wire.remaining());
    byte[] field = new byte[length];
    wire.get(field);
    return field;
  }

  private static void require(boolean wellFormed) {
    if (!wellFormed) {
      throw new IllegalArgumentException("malformed key");
    }
  }

  private static PaasException weak() {
    return Problem.of(
            Kind.INVALID,
            "key.weak",
            "An RSA key needs at least 2048 bits",
            "Make a new one: ssh-keygen -t ed25519.")
        .asException();
  }

  private static Problem bad(String what, String value) {
    return Problem.of(
        Kind.INVALID,
        "key.malformed",
        what,
        value,
        "Send the one line of a .pub file: ssh-ed25519, ecdsa-sha2-nistp256/384/521 or ssh-rsa.");
  }
}
