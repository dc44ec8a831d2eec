package dev.paas.cli.app;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The git remote {@code paas} of the current folder, asked from git itself. */
public final class GitRemote {

  static final String NAME = "paas";

  private static final Pattern ADDRESS =
      Pattern.compile("(?:ssh://[^/]+/|[^/:]+:/?)([a-z][a-z0-9-]*)(?:\\.git)?/?");

  /** {@code ssh://user@host:port/app.git} or {@code user@host:app.git}. */
  private static final Pattern PARTS =
      Pattern.compile(
          "(?:ssh://(?:[^@/]+@)?(\\[[^]]+\\]|[^:/]+)(?::(\\d+))?/|(?:[^@/]+@)?([^:/]+):/?)"
              + "([a-z][a-z0-9-]*)(?:\\.git)?/?");

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private GitRemote() {}

  /** The app that the remote pushes to. */
  public static Optional<String> app() {
    try {
      return url().flatMap(GitRemote::app);
    } catch (IOException noGit) {
      return Optional.empty();
    }
  }

  /**
   * The app of this platform that another remote names, as that of a clone does: {@code origin}.
   * The platform is asked which address the app has, so that a remote elsewhere does not count.
   *
   * @throws UsageException when the remotes name several apps, or the platform can't be asked
   */
  public static Optional<String> appOfClone(ApiClient api) {
    SortedMap<String, String> found = new TreeMap<>();
    try {
      others()
          .forEach(
              (remote, url) ->
                  app(url)
                      .filter(name -> isHere(api, name, url))
                      .ifPresent(name -> found.put(name, remote)));
    } catch (IOException noGit) {
      return Optional.empty();
    }
    if (found.size() > 1) {
      throw new UsageException(
          "Which app? The git remotes "
              + String.join(", ", found.values())
              + " are apps of this platform",
          "Name one with -a APP, or choose one: paas git:remote -a APP.");
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found.firstKey());
  }

  private static boolean isHere(ApiClient api, String name, String url) {
    try {
      String gitUrl = api.get("/v1/apps/" + ApiClient.escape(name)).text("gitUrl");
      return isSame(url, gitUrl, api.host());
    } catch (ApiProblem problem) {
      if (ExitCode.of(problem.status()) == ExitCode.NOT_FOUND) {
        return false;
      }
      throw new UsageException(
          "Which app? The platform can't be asked about the git remotes: " + problem.what(),
          problem.fix());
    }
  }

  /**
   * Whether an address leads to the repository that the platform names, whoever knocks and with or
   * without .git.
   *
   * @param apiHost another name of the platform's host: where its API was reached
   */
  static boolean isSame(String url, String gitUrl, String apiHost) {
    Matcher one = PARTS.matcher(url);
    Matcher named = PARTS.matcher(gitUrl);
    return one.matches()
        && named.matches()
        && one.group(4).equals(named.group(4))
        && port(one).equals(port(named))
        && (host(one).equals(host(named)) || host(one).equals(known(apiHost)));
  }

  private static String port(Matcher address) {
    return address.group(2) == null ? "22" : address.group(2);
  }

  private static String host(Matcher address) {
    return known(address.group(1) == null ? address.group(3) : address.group(1));
  }

  /** The same for every name of this machine. */
  private static String known(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(lower) ? "localhost" : lower;
  }

  /** Remotes by name, without {@link #NAME}. */
  private static SortedMap<String, String> others() throws IOException {
    SortedMap<String, String> remotes = new TreeMap<>();
    String all = git("config", "--get-regexp", "^remote\\..*\\.url$").orElse("");
    for (String line : all.lines().toList()) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        String key = line.substring(0, blank);
        String name = key.substring("remote.".length(), key.length() - ".url".length());
        if (!name.equals(NAME)) {
          remotes.put(name, line.substring(blank + 1));
        }
      }
    }
    return remotes;
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

  static void remove() throws IOException {
    change("remote", "remove", NAME);
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
