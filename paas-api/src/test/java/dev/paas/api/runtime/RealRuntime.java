package dev.paas.api.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * paas-runtimed in a folder of its own, from the distribution that {@code bin/build} makes. It
 * needs root, as the product does.
 */
public final class RealRuntime implements AutoCloseable {

  private static final Path PROGRAM = Path.of("../dist/bin/paas-runtimed").toAbsolutePath();

  private static final List<String> APPLETS =
      List.of("sh", "cat", "echo", "head", "httpd", "sleep", "stty", "tr");

  private final Path folder;
  private Process process;

  private RealRuntime(Path folder) throws IOException {
    this.folder = folder;
    if (!Files.exists(PROGRAM)) {
      throw new IllegalStateException(PROGRAM + " is not there: run bin/build");
    }
    for (String made : List.of(".", "data", "data/runtime", "run")) {
      Path path = Files.createDirectories(folder.resolve(made).normalize());
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }
    Files.writeString(
        folder.resolve("paas.toml"),
        """
        [platform]
        id = "apirt"
        data = "%1$s/data"
        run = "%1$s/run"
        control-user = "0"
        [runtime]
        network = "10.214.108.0/24"
        uid-ranges = 16
        restart-backoff-min = "50ms"
        [router]
        http = "127.0.0.1:18089"
        """
            .formatted(folder));
    this.process = launch();
  }

  /** Starts one; whoever calls it waits for its first answer. */
  public static RealRuntime start(Path folder) throws IOException {
    return new RealRuntime(folder);
  }

  private Process launch() throws IOException {
    return daemon(List.of())
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private ProcessBuilder daemon(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    return builder;
  }

  public Path socket() {
    return folder.resolve("run/runtime/runtime.sock");
  }

  /** Imports an image with busybox and the script {@code program}; answers with its digest. */
  public String importProgram(RuntimeClient client) throws IOException, InterruptedException {
    Path root = folder.resolve("image");
    for (String made : List.of("bin", "etc", "srv", "tmp")) {
      Files.createDirectories(root.resolve(made));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    try (InputStream script = RealRuntime.class.getResourceAsStream("/dev/paas/api/fake/program")) {
      Files.copy(Objects.requireNonNull(script), root.resolve("bin/program"));
    }
    for (String program : List.of("bin/busybox", "bin/program")) {
      Files.setPosixFilePermissions(
          root.resolve(program), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(
        root.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/tmp:/bin/sh\n");
    Path tar = folder.resolve("image.tar");
    run(
        new ProcessBuilder(
            "tar", "--owner=0", "--group=0", "-C", root.toString(), "-cf", tar.toString(), "."));
    awaitSocket();
    try (InputStream in = Files.newInputStream(tar)) {
      return new ImageStore(client)
          .importTar(
              "test/program:1",
              new ImageSettings(List.of("PATH=/bin"), List.of(), List.of("sh"), "app", "/"),
              in)
          .digest();
    }
  }

  private void awaitSocket() {
    Awaitility.await("paas-runtimed listens")
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> Files.exists(socket()));
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again after its end. */
  public void startAgain() throws IOException {
    process = launch();
  }

  /** Ends everything that it has on this host. */
  @Override
  public void close() throws IOException {
    run(daemon(List.of("--down")));
  }

  private static void run(ProcessBuilder command) throws IOException {
    Process ran = command.redirectErrorStream(true).start();
    String said = new String(ran.getInputStream().readAllBytes(), UTF_8);
    if (ran.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command.command()) + " failed: " + said);
    }
  }
}
