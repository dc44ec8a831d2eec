package dev.paas.api.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Somebody's machine: a folder of the test with a key, and the real git and ssh. */
public final class Workplace {

  private static final int PATIENCE_SECONDS = 60;

  private final Path folder;
  private final int port;
  private final AtomicInteger outputs = new AtomicInteger();

  /** What a command ended with and wrote, both streams together. */
  public record Ended(int code, String output) {}

  /**
   * @param folder empty or not there yet; whoever gives it deletes it
   */
  public Workplace(Path folder, int port) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.port = port;
    run(folder, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key");
  }

  public String publicKey() throws IOException {
    return Files.readString(folder.resolve("key.pub")).strip();
  }

  /** A repository of the app with a first commit of these lines in index.html. */
  public Path site(String app, String text) throws IOException, InterruptedException {
    Path site = Files.createDirectories(folder.resolve(app));
    git(site, "init", "-q", "-b", "main");
    git(site, "remote", "add", "paas", "ssh://paas@127.0.0.1:" + port + "/" + app + ".git");
    commit(site, text);
    return site;
  }

  public void commit(Path site, String text) throws IOException, InterruptedException {
    Files.writeString(site.resolve("index.html"), text);
    git(site, "add", ".");
    git(site, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "change");
  }

  public Ended git(Path in, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return run(in, command.toArray(String[]::new));
  }

  public Ended ssh(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ssh", "-p", String.valueOf(port)));
    command.addAll(options());
    command.add("paas@127.0.0.1");
    command.addAll(List.of(arguments));
    return run(folder, command.toArray(String[]::new));
  }

  private List<String> options() {
    return List.of(
        "-i",
        folder.resolve("key").toString(),
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR");
  }

  /** Whether a command of this place, also one that still runs, has written a line like this. */
  public boolean shows(String line) throws IOException {
    return count(line) > 0;
  }

  /** Whether one of them has written a line with this in it. */
  public boolean mentions(String part) throws IOException {
    return count(written -> written.contains(part)) > 0;
  }

  /** How many lines like this they have written. */
  public long count(String line) throws IOException {
    return count(written -> written.startsWith(line));
  }

  private long count(Predicate<String> meant) throws IOException {
    long count = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (String.valueOf(file.getFileName()).startsWith("output")) {
          count += read(file).lines().filter(meant).count();
        }
      }
    }
    return count;
  }

  /** Where {@link #site} has put an app's repository. */
  public Path folder(String app) {
    return folder.resolve(app);
  }

  private Ended run(Path in, String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output" + outputs.incrementAndGet() + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("GIT_SSH_COMMAND", "ssh " + String.join(" ", options()));
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("too slow: " + String.join(" ", command) + "\n" + read(output));
      }
      return new Ended(process.exitValue(), read(output));
    } finally {
      // Also of a test that no longer waits: nobody writes to the folder while it is deleted.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String read(Path output) throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }
}
