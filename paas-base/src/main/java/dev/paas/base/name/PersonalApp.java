package dev.paas.base.name;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name under which the host holds what a user runs without an app: images by hand. Its ids,
 * addresses and containers are apart from those of every app, the user's own included. No app has
 * such a name.
 */
public final class PersonalApp {

  private static final String PREFIX = "u--";

  /** Of a digest of the user's name, which may be as long as an app's: none is another's. */
  private static final int BYTES = 15;

  private PersonalApp() {}

  public static AppName of(String user) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
      return new AppName(PREFIX + HexFormat.of().formatHex(digest, 0, BYTES));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing); // every Java has it
    }
  }

  /** Whether a name is one of these: then it is no app's. */
  public static boolean is(AppName name) {
    return name.value().startsWith(PREFIX);
  }
}
