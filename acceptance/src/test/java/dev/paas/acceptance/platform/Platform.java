package dev.paas.acceptance.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** One platform that {@code bin/dev} runs in a folder of its own. */
public final class Platform implements AutoCloseable {
  /** From the kill of a daemon until the supervisor has executed it again. */
  private static final Duration RESTARTED_WITHIN = Duration.ofSeconds(20);

  private final Path folder;
  private final Map<String, String> environment;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ObjectMapper json = new ObjectMapper();
  private final AtomicInteger apps = new AtomicInteger();

  private Platform(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /** Starts one in a new folder; the folder is below PAAS_ACCEPTANCE_HOME where that is set. */
  public static Platform up() {
    return up(List.of());
  }

  /** The same with options of {@code bin/dev up}. */
  static Platform up(List<String> options) {
    try {
      String home = System.getenv("PAAS_ACCEPTANCE_HOME");
      Path folder =
          Files.createTempDirectory(
              Path.of(home == null ? "/tmp" : home),
              "paas-acceptance-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      Path platform = folder.resolve("platform");
      List<String> argv = new ArrayList<>(List.of(bin("dev"), "up"));
      argv.addAll(options);
      argv.add(platform.toString());
      Command.of(argv).within(Duration.ofMinutes(15)).succeed();
      return new Platform(platform, sourced(platform.resolve("env.sh")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of a script of {@code bin/}. */
  public static String bin(String name) {
    return repository().resolve("bin").resolve(name).toString();
  }

  /** The root of the repository. */
  public static Path repository() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("bin/dev"))) {
      here = Objects.requireNonNull(here.getParent(), "not in the repository");
    }
    return here;
  }

  private static Map<String, String> sourced(Path script) {
    String all =
        Command.of("bash", "-c", "set -a; . \"$0\"; env -0", script.toString()).succeed().out();
    Map<String, String> environment = new HashMap<>();
    for (String pair : all.split("\0")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (name.startsWith("PAAS_") || name.equals("PATH") || name.equals("GIT_SSH_COMMAND")) {
        environment.put(name, pair.substring(equals + 1));
      }
    }
    // Nobody's own settings take part.
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "acceptance");
      environment.put("GIT_" + who + "_EMAIL", "acceptance@example.org");
    }
    return environment;
  }

  /** Where {@code bin/dev up} put it. */
  public Path folder() {
    return folder;
  }

  /** A folder for repositories and other things of tests; gone with the platform. */
  public Path scratch() {
    return Objects.requireNonNull(folder.getParent());
  }

  /** What a person has after sourcing env.sh. */
  public Map<String, String> environment() {
    return environment;
  }

  /** A variable of env.sh. */
  public String variable(String name) {
    return Objects.requireNonNull(environment.get(name), name);
  }

  /** An app name that no other test of this platform uses. */
  public String newAppName(String prefix) {
    return prefix + "-" + apps.incrementAndGet();
  }

  /** The {@code paas} command. */
  public Command paas(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("paas"));
    argv.addAll(Arrays.asList(arguments));
    return Command.of(argv).with(environment).in(scratch());
  }

  /** The answer of a {@code paas} command with {@code --json}. */
  public JsonNode paasJson(String... arguments) {
    List<String> argv = new ArrayList<>(Arrays.asList(arguments));
    argv.add("--json");
    String out = paas(argv.toArray(String[]::new)).succeed().out();
    try {
      return json.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + out, e);
    }
  }

  /** A command over plain ssh, with the platform's key. */
  public Command ssh(String... arguments) {
    List<String> argv = new ArrayList<>(Arrays.asList(variable("GIT_SSH_COMMAND").split(" ")));
    argv.addAll(List.of("-p", variable("PAAS_SSH_PORT"), "paas@localhost"));
    argv.addAll(Arrays.asList(arguments));
    return Command.of(argv).with(environment).in(scratch());
  }

  /** Asks an app through the router. */
  public HttpResponse<String> get(String app, String path) throws IOException {
    return send(app, request(app, path).GET().build());
  }

  /** Posts to an app through the router. */
  public HttpResponse<String> post(String app, String path, String body) throws IOException {
    return send(app, request(app, path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  /** The body of an answer that must be 200. */
  public String body(String app, String path) {
    try {
      HttpResponse<String> response = get(app, path);
      if (response.statusCode() != 200) {
        throw new AssertionError(
            app + path + " answered " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new AssertionError(app + path + " did not answer", e);
    }
  }

  private HttpRequest.Builder request(String app, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + variable("PAAS_HTTP_PORT") + path))
        .timeout(Duration.ofSeconds(15))
        .header("Host", app + "." + variable("PAAS_DOMAIN"));
  }

  private HttpResponse<String> send(String app, HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + app, e);
    }
  }

  /** The pid of a daemon, as its supervisor wrote it. */
  public long pid(String daemon) {
    try {
      return Long.parseLong(Files.readString(folder.resolve("run/" + daemon + ".pid")).trim());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long a daemon has been running, in seconds. */
  public long secondsOf(String daemon) {
    String age = Command.of("ps", "-o", "etimes=", "-p", Long.toString(pid(daemon))).run().out();
    return age.isBlank() ? 0 : Long.parseLong(age.trim());
  }

  /** Kills a daemon with SIGKILL and waits until its supervisor has executed it again. */
  public void kill(String daemon) {
    long before = pid(daemon);
    Command.of("kill", "-KILL", Long.toString(before)).succeed();
    Awaitility.await(daemon + " is executed again")
        .atMost(RESTARTED_WITHIN)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> pid(daemon) != before);
  }

  /** Waits until the API answers with knowledge of the runtime. */
  public void awaitReady() {
    Awaitility.await("the API knows what runs")
        .atMost(Duration.ofSeconds(60))
        .until(() -> paas("doctor").run().exit() == 0 || paas("image", "ls").run().exit() == 0);
  }

  /** Stops a daemon; it stays down. */
  public void stop(String daemon) {
    Command.of(bin("dev"), "stop", folder.toString(), daemon).succeed();
  }

  /** Starts a daemon that was stopped. */
  public void start(String daemon) {
    Command.of(bin("dev"), "start", folder.toString(), daemon).succeed();
  }

  /** {@code bin/dev down}, which must leave nothing. */
  public void down() {
    Command.of(bin("dev"), "down", folder.toString()).within(Duration.ofMinutes(3)).succeed();
  }

  @Override
  public void close() {
    down();
    Command.of("rm", "-rf", "--one-file-system", scratch().toString()).succeed();
  }
}
