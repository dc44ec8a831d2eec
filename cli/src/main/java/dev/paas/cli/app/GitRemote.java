package dev.paas.cli.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The git remote {@code paas} of the current folder, asked from git itself. */
public final class GitRemote {

  static final String NAME = "paas";

  private static final Pattern ADDRESS =
      Pattern.compile("(?:ssh://[^/]+/|[^/:]+:/?)([a-z][a-z0-9-]*)(?:\\.git)?/?");

  private GitRemote() {}

  /** The app that the remote pushes to. */
  public static Optional<String> app() {
    try {
      return url().flatMap(GitRemote::app);
    } catch (IOException noGit) {
      return Optional.empty();
    }
  }

  /** The app in an address: {@code ssh://paas@host:2222/shop} or {@code paas@host:shop}. */
  static Optional<String> app(String url) {
    Matcher address = ADDRESS.matcher(url);
    return address.matches() ? Optional.of(address.group(1)) : Optional.empty();
  }

  /** False, too, where git is not installed. */
  static boolean isRepository() {
    try {
      return git("rev-parse", "--git-dir").isPresent();
    } catch (IOException noGit) {
      return false;
    }
  }

  static Optional<String> url() throws IOException {
    return git("config", "--get", "remote." + NAME + ".url").filter(url -> !url.isEmpty());
  }

  static void add(String url) throws IOException {
    change("remote", "add", NAME, url);
  }

  static void change(String url) throws IOException {
    change("remote", "set-url", NAME, url);
  }

  private static void change(String... command) throws IOException {
    if (git(command).isEmpty()) {
      throw new IOException("git " + String.join(" ", command) + " failed");
    }
  }

  /** What git prints, or nothing when it fails. */
  private static Optional<String> git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return git.waitFor() == 0 ? Optional.of(out.strip()) : Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git ran", stopped);
    }
  }
}
