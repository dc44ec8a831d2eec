package dev.paas.gitreceiver.key;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;

/**
 * A public key in the form of OpenSSH ({@code ssh-ed25519 AAAA… comment}, RFC 4253 §6.6). Two keys
 * are equal when their types and blobs are; the comment is only for people.
 */
public final class SshPublicKey {

  private static final String RSA = "ssh-rsa";
  private static final Set<String> TYPES =
      Set.of(
          "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", RSA);

  /** Shorter RSA keys are within reach of an attacker (NIST SP 800-131A). */
  static final int MIN_RSA_BITS = 2048;

  /** More than an RSA key of 16,384 bits needs, in characters of the whole line. */
  static final int MAX_LENGTH = 8192;

  private final String type;
  private final byte[] blob;
  private final String comment;

  private SshPublicKey(String type, byte[] blob, String comment) {
    this.type = type;
    this.blob = blob;
    this.comment = comment;
  }

  /**
   * Reads one line of a {@code .pub} file.
   *
   * @throws PaasException {@code key.malformed}, {@code key.private}, {@code key.type} or {@code
   *     key.weak}
   */
  public static SshPublicKey parse(String text) {
    String line = text.strip();
    if (line.startsWith("-----BEGIN")) {
      throw Problem.of(
              Kind.INVALID,
              "key.private",
              "This is not a public key: it may be the private one",
              "Give the content of the file that ends in .pub; keep the other to yourself.")
          .asException();
    }
    String[] parts = line.split("\\s+", 3);
    if (line.length() > MAX_LENGTH || line.lines().count() > 1 || parts.length < 2) {
      throw malformed(line);
    }
    if (!TYPES.contains(parts[0])) {
      throw Problem.of(
              Kind.INVALID,
              "key.type",
              "Keys of this type are not accepted",
              parts[0],
              "Make an Ed25519 key: ssh-keygen -t ed25519.")
          .asException();
    }
    byte[] blob = decode(parts[1], line);
    check(parts[0], blob, line);
    return new SshPublicKey(parts[0], blob, parts.length == 3 ? parts[2] : "");
  }

  private static byte[] decode(String base64, String line) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw malformed(line);
    }
  }

  /** The blob must name the same type and hold exactly the fields of that type. */
  private static void check(String type, byte[] blob, String line) {
    ByteBuffer fields = ByteBuffer.wrap(blob);
    if (!type.equals(new String(field(fields, line), StandardCharsets.US_ASCII))) {
      throw malformed(line);
    }
    if (type.equals(RSA)) {
      field(fields, line);
      int bits = new BigInteger(1, field(fields, line)).bitLength();
      if (bits < MIN_RSA_BITS) {
        throw Problem.of(
                Kind.INVALID,
                "key.weak",
                "RSA keys need at least " + MIN_RSA_BITS + " bits",
                bits + " bits",
                "Make an Ed25519 key: ssh-keygen -t ed25519.")
            .asException();
      }
    } else if (type.equals("ssh-ed25519")) {
      if (field(fields, line).length != 32) {
        throw malformed(line);
      }
    } else {
      field(fields, line);
      field(fields, line);
    }
    if (fields.hasRemaining()) {
      throw malformed(line);
    }
  }

  private static byte[] field(ByteBuffer fields, String line) {
    if (fields.remaining() < Integer.BYTES) {
      throw malformed(line);
    }
    int length = fields.getInt();
    if (length < 0 || length > fields.remaining()) {
      throw malformed(line);
    }
    byte[] field = new byte[length];
    fields.get(field);
    return field;
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

  /** E.g. {@code ssh-ed25519}. */
  public String type() {
    return type;
  }

  public String comment() {
    return comment;
  }

  /** Type and blob without the comment: the form to store and to look up. */
  public String text() {
    return type + " " + Base64.getEncoder().encodeToString(blob);
  }

  /** {@code SHA256:…}, as {@code ssh-keygen -l} prints it. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshPublicKey key && key.text().equals(text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
