package dev.paas.cli.access;

import dev.paas.cli.http.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which platform is meant and the token for it: {@code PAAS_API} and {@code PAAS_TOKEN}, else
 * {@code ~/.config/paas/config.toml} with the two keys {@code api} and {@code token}.
 */
public final class Login {

  private static final Pattern LINE =
      Pattern.compile("\\s*(api|token)\\s*=\\s*\"([^\"\\\\]*)\"\\s*(#.*)?");

  private Login() {}

  public static Endpoint current(Map<String, String> environment, Path file) throws IOException {
    Map<String, String> kept = read(file);
    String url = environment.getOrDefault("PAAS_API", "");
    String token = environment.getOrDefault("PAAS_TOKEN", "");
    // A token belongs to the platform it was kept for: it is not sent to another one.
    boolean keptOnesUrl = url.isEmpty() || url.equals(kept.get("api"));
    if (url.isEmpty()) {
      url = kept.getOrDefault("api", Endpoint.DEFAULT_URL);
    }
    if (token.isEmpty() && keptOnesUrl) {
      token = kept.getOrDefault("token", "");
    }
    return new Endpoint(url, token.isEmpty() ? null : token);
  }

  /** {@code $XDG_CONFIG_HOME/paas/config.toml}, usually below {@code $HOME/.config}. */
  public static Path file(Map<String, String> environment) {
    String base = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path config = base.isEmpty() ? home(environment).resolve(".config") : Path.of(base);
    return config.resolve("paas").resolve("config.toml");
  }

  /**
   * The caller's home. Java's own idea of it comes from the list of users and counts only where
   * {@code HOME} is not set.
   */
  static Path home(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
  }

  /** Forgets the platform and the token; false when none was kept. */
  static boolean forget(Path file) throws IOException {
    return Files.deleteIfExists(file);
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> keys = new HashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        Matcher key = LINE.matcher(line);
        if (key.matches()) {
          keys.put(key.group(1), key.group(2));
        } else if (!line.isBlank() && !line.strip().startsWith("#")) {
          throw new IOException(
              "can't read " + file + ": write api = \"…\" and token = \"…\", one a line");
        }
      }
    } catch (NoSuchFileException never) {
      // Not logged in: the environment and the default are all there is.
    }
    return keys;
  }

  static void keep(Path file, String url, String token) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, "api = \"" + url + "\"\ntoken = \"" + token + "\"\n");
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
