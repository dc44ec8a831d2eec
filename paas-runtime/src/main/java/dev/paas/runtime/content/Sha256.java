package dev.paas.runtime.content;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest as OCI writes it: {@code sha256:} and 64 lower-case hex digits, nothing else. It
 * becomes a part of paths, so nothing but this form exists.
 */
public record Sha256(String value) implements Comparable<Sha256> {

  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  /** 104 bits: short enough that the paths of many layers fit one page of mount options. */
  private static final int SHORT_LENGTH = 26;

  public Sha256 {
    if (!isDigest(value)) {
      throw Problem.of(
              Kind.INVALID,
              "image.bad-digest",
              "This is not a digest",
              value,
              "Write it as sha256: and 64 lower-case hex digits.")
          .asException();
    }
  }

  public static boolean isDigest(String text) {
    return FORM.matcher(text).matches();
  }

  public static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** The digest of what an algorithm was fed; resets it. */
  public static Sha256 finish(MessageDigest fed) {
    return new Sha256("sha256:" + HexFormat.of().formatHex(fed.digest()));
  }

  public static Sha256 of(byte[] content) {
    MessageDigest algorithm = algorithm();
    algorithm.update(content);
    return finish(algorithm);
  }

  public static Sha256 of(String content) {
    return of(content.getBytes(StandardCharsets.UTF_8));
  }

  public String hex() {
    return value.substring("sha256:".length());
  }

  /** The first 26 hex digits: a name for a directory. */
  public String shortHex() {
    return hex().substring(0, SHORT_LENGTH);
  }

  @Override
  public int compareTo(Sha256 other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
