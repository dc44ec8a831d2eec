package dev.paas.acceptance.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An application in a git repository whose remote {@code paas} is the platform; closing destroys
 * it.
 */
public final class GitApp implements AutoCloseable {
  private final Platform platform;
  private final String name;
  private final Path folder;

  private GitApp(Platform platform, String name) {
    this.platform = platform;
    this.name = name;
    this.folder = platform.scratch().resolve(name);
  }

  /** A copy of one of the repository's samples. */
  public static GitApp sample(Platform platform, String sample) {
    return copied(platform, "samples/" + sample, sample);
  }

  /** The app that answers questions about itself. */
  public static GitApp probe(Platform platform) {
    return ofTests(platform, "probe");
  }

  /** The app that tells what of a request has reached it. */
  public static GitApp mirror(Platform platform) {
    return ofTests(platform, "mirror");
  }

  /** A copy of one of the tests' own apps. */
  public static GitApp ofTests(Platform platform, String app) {
    return copied(platform, "acceptance/src/test/apps/" + app, app);
  }

  /** An app of a few files, path to content. */
  public static GitApp of(Platform platform, String prefix, Map<String, String> files) {
    GitApp app = new GitApp(platform, platform.newAppName(prefix));
    try {
      Files.createDirectories(app.folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.forEach(app::write);
    return app.begun();
  }

  /** A copy of a folder of this repository. */
  public static GitApp copied(Platform platform, String folder, String prefix) {
    GitApp app = new GitApp(platform, platform.newAppName(prefix));
    Path source = Platform.repository().resolve(folder);
    Command.of("cp", "-a", source.toString(), app.folder.toString()).succeed();
    return app.begun();
  }

  private GitApp begun() {
    git("init", "-q", "-b", "main").succeed();
    git(
            "remote",
            "add",
            "paas",
            "ssh://paas@localhost:" + platform.variable("PAAS_SSH_PORT") + "/" + name)
        .succeed();
    commit("First version");
    return this;
  }

  public String name() {
    return name;
  }

  public Path folder() {
    return folder;
  }

  /** A git command in the repository. */
  public Command git(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("git"));
    argv.addAll(Arrays.asList(arguments));
    return Command.of(argv).with(platform.environment()).in(folder);
  }

  /** {@code git push paas main}. */
  public Command push() {
    return git("push", "paas", "main").within(Duration.ofMinutes(10));
  }

  /** A {@code paas} command about this app, named by {@code -a}. */
  public Command paas(String... arguments) {
    return platform.paas(withApp(arguments));
  }

  /** The answer of a {@code paas} command about this app. */
  public JsonNode paasJson(String... arguments) {
    return platform.paasJson(withApp(arguments));
  }

  private String[] withApp(String... arguments) {
    List<String> argv = new ArrayList<>(Arrays.asList(arguments));
    int end = argv.indexOf("--");
    argv.addAll(end < 0 ? argv.size() : end, List.of("-a", name));
    return argv.toArray(String[]::new);
  }

  public void write(String path, String content) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces a text that must be in a file, and commits. */
  public void change(String path, String from, String to) {
    try {
      String before = Files.readString(folder.resolve(path));
      if (!before.contains(from)) {
        throw new AssertionError(path + " does not contain " + from);
      }
      write(path, before.replace(from, to));
      commit("Change " + path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void commit(String message) {
    git("add", "-A").succeed();
    git("commit", "-q", "-m", message).succeed();
  }

  /** The body of an answer of the app. */
  public String body(String path) {
    return platform.body(name, path);
  }

  /** Instance name to host pid, of instances that run. */
  public Map<String, Long> pids() {
    Map<String, Long> pids = new TreeMap<>();
    for (JsonNode instance : paasJson("ps").path("instances")) {
      if (instance.path("state").asText().equals("running")) {
        pids.put(instance.path("name").asText(), instance.path("pid").asLong());
      }
    }
    return pids;
  }

  /** The addresses of the app's instances. */
  public List<String> addresses() {
    List<String> addresses = new ArrayList<>();
    paasJson("ps").path("instances").forEach(i -> addresses.add(i.path("address").asText()));
    return addresses;
  }

  /** Different bodies of many answers. */
  public Set<String> answers(String path, int requests) {
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < requests; i++) {
      answers.add(body(path));
    }
    return answers;
  }

  @Override
  public void close() {
    // A push that was declined may not have made an app: that is not this method's question.
    platform.paas("destroy", "-a", name, "--confirm", name).run();
    Command.of("rm", "-rf", folder.toString()).succeed();
  }
}
