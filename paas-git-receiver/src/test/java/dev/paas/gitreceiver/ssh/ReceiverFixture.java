package dev.paas.gitreceiver.ssh;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.key.SshPublicKey;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server on a free port of the loopback, with the real ssh and git as its clients. */
final class ReceiverFixture implements AutoCloseable {

  static final PlatformSettings.Ssh SETTINGS =
      PlatformSettings.parse(
              "test",
              """
              [ssh]
              listen = "127.0.0.1:0"
              max-sessions = 8
              max-unauthenticated-per-address = 3
              auth-timeout = "5s"
              idle-timeout = "4s"
              max-pack = "4MiB"
              max-object = "1MiB"
              max-refs = 20
              max-unpacked = "64MiB"
              unpack-memory = "2MiB"
              """)
          .ssh();

  final Path folder;
  final Repositories repositories;
  final RecordingControlPlane controlPlane;
  private final ReceiverServer server;

  ReceiverFixture(Path folder) throws IOException, InterruptedException {
    this(folder, new Repositories(folder.resolve("git")));
  }

  ReceiverFixture(Path folder, Repositories repositories) throws IOException, InterruptedException {
    this.folder = folder;
    this.repositories = repositories;
    this.controlPlane = new RecordingControlPlane(repositories);
    this.server =
        new ReceiverServer(SETTINGS, folder.resolve("hostkey"), repositories, controlPlane);
    server.start();
    controlPlane.users.put(newKey("alice", "ed25519"), "alice");
    Files.writeString(
        folder.resolve("known_hosts"),
        "[127.0.0.1]:" + server.port() + " " + server.hostKey().text() + "\n");
  }

  record Ended(int code, String out, String err) {}

  int port() {
    return server.port();
  }

  SshPublicKey newKey(String name, String type, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ssh-keygen", "-q", "-t", type, "-N", "", "-f", folder.resolve(name).toString()));
    command.addAll(List.of(more));
    run(folder, command);
    return SshPublicKey.parse(Files.readString(folder.resolve(name + ".pub")));
  }

  /** ssh with the key of {@code who} and nothing of the machine's own configuration. */
  List<String> ssh(String who, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ssh",
                "-F",
                "none",
                "-o",
                "BatchMode=yes",
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "IdentityAgent=none",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                "-i",
                folder.resolve(who).toString(),
                "-p",
                String.valueOf(server.port())));
    command.addAll(List.of(options));
    return command;
  }

  Ended runSsh(String who, String... arguments) throws IOException, InterruptedException {
    List<String> command = ssh(who);
    command.add("paas@127.0.0.1");
    command.addAll(List.of(arguments));
    return run(folder, command);
  }

  String url(AppName app) {
    return "ssh://paas@127.0.0.1:" + server.port() + "/" + app;
  }

  /** A work tree with one commit on main. */
  Path workTree(String name) throws IOException, InterruptedException {
    Path tree = Files.createDirectory(folder.resolve(name));
    git("alice", tree, "init", "-q", "-b", "main");
    commit(tree, "index.html", "hello");
    return tree;
  }

  void commit(Path tree, String file, String content) throws IOException, InterruptedException {
    Files.writeString(tree.resolve(file), content);
    git("alice", tree, "add", "-A");
    git("alice", tree, "commit", "-q", "-m", "Change " + file);
  }

  String head(Path tree) throws IOException, InterruptedException {
    return git("alice", tree, "rev-parse", "HEAD").out().strip();
  }

  Ended git(String who, Path directory, String... arguments)
      throws IOException, InterruptedException {
    return finish(startGit(who, directory, arguments));
  }

  Process startGit(String who, Path directory, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=Alice", "-c", "user.email=a@example.org"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = builder(directory, command);
    builder.environment().put("GIT_SSH_COMMAND", String.join(" ", ssh(who)));
    builder.environment().put("GIT_SSH_VARIANT", "ssh");
    return builder.start();
  }

  Ended run(Path directory, List<String> command) throws IOException, InterruptedException {
    return finish(builder(directory, command).start());
  }

  private ProcessBuilder builder(Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().remove("SSH_AUTH_SOCK");
    return builder;
  }

  private Ended finish(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    // Both at once: whoever writes much to one waits until it is read.
    CompletableFuture<byte[]> err =
        CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()));
    byte[] out = readAll(process.getInputStream());
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("a command did not end");
    }
    return new Ended(
        process.exitValue(),
        new String(out, StandardCharsets.UTF_8),
        new String(err.join(), StandardCharsets.UTF_8));
  }

  private static byte[] readAll(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The packs of an app's repository. */
  List<String> packs(AppName app) throws IOException {
    try (Stream<Path> files = Files.list(repositories.path(app).resolve("objects/pack"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** The pushes whose objects are here and not yet given up. */
  List<String> arriving() throws IOException {
    Path arriving = folder.resolve("git/.arriving");
    if (!Files.isDirectory(arriving)) {
      return List.of();
    }
    try (Stream<Path> pushes = Files.list(arriving)) {
      return pushes.map(push -> String.valueOf(push.getFileName())).sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
