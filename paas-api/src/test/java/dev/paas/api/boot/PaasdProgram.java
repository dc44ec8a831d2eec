package dev.paas.api.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The packaged process on one class path and with a class-data archive (JEP 350), as the product
 * starts it: several classes of tests start it dozens of times, and without an archive each start
 * takes a core for six seconds.
 */
final class PaasdProgram {

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private static final Path APP = TARGET.resolve("quarkus-app");

  private static final Path ARCHIVE = TARGET.resolve("paasd-test.jsa");

  private PaasdProgram() {}

  /** Starts it with these settings; what it prints is added to the log. */
  static Process start(Path settings, Path log, int heapMib, Map<String, String> environment)
      throws IOException {
    return launch(
        List.of("-Xmx" + heapMib + "m", "-XX:SharedArchiveFile=" + archive(), "-Xlog:cds=off"),
        settings,
        log,
        environment);
  }

  private static Process launch(
      List<String> options, Path settings, Path log, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp",
            classPath(),
            "dev.paas.api.boot.Main"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("PAAS_CONFIG", settings.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Transformed classes come before those they replace. */
  private static String classPath() throws IOException {
    List<Path> jars =
        new ArrayList<>(
            List.of(
                APP.resolve("quarkus/transformed-bytecode.jar"),
                APP.resolve("quarkus/generated-bytecode.jar")));
    for (String folder : List.of("app", "lib/boot", "lib/main")) {
      try (Stream<Path> files = Files.list(APP.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
      }
    }
    return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private static synchronized Path archive() throws IOException {
    Path program = APP.resolve("quarkus-run.jar");
    if (Files.exists(ARCHIVE)
        && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(program)) > 0) {
      return ARCHIVE;
    }
    try (TestFolder folder = TestFolder.makeIn(TARGET, "paasd-archive")) {
      Path dumped = dump(folder.path());
      // What the jar's time is compared with is the time of this move, whenever the dump began.
      return Files.move(dumped, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Starts it once, on settings of its own in this folder, and has it write its archive there. */
  private static Path dump(Path folder) throws IOException {
    Path dumped = folder.resolve("jsa");
    Path settings = folder.resolve("paas.toml");
    Path log = Files.createFile(folder.resolve("log"));
    Files.createDirectories(folder.resolve("data/db"));
    Files.writeString(folder.resolve("data/db/first-admin.pub"), TestPlatform.ADMIN_KEY);
    Files.writeString(
        settings,
        """
        [platform]
        id = "archive"
        data = "%1$s/data"
        run = "%1$s/run"
        [api]
        listen = "127.0.0.1:0"
        [ssh]
        listen = "127.0.0.1:0"
        """
            .formatted(folder));
    Process once = launch(List.of("-XX:ArchiveClassesAtExit=" + dumped), settings, log, Map.of());
    try {
      Awaitility.await("paasd starts, to make its archive")
          .atMost(2, TimeUnit.MINUTES)
          .until(() -> Files.readString(log).contains("taking pushes"));
      once.destroy();
      if (!once.waitFor(2, TimeUnit.MINUTES) || !Files.exists(dumped)) {
        throw new IllegalStateException("no archive of paasd:\n" + Files.readString(log));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      once.destroyForcibly();
    }
    return dumped;
  }
}
