package dev.paas.runtime.oci;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The programs that instances need: those of the host's distribution, and the product's init. */
public final class HostPrograms {

  /** In order of preference: crun starts in half of runc's time. */
  private static final List<String> RUNTIMES = List.of("crun", "runc");

  private static final List<String> FOLDERS = List.of("/usr/local/bin", "/usr/bin", "/usr/sbin");

  /** Set by the launcher, which knows where the product is. */
  private static final String INIT = "paas.init";

  private HostPrograms() {}

  /** The first OCI runtime that is installed. */
  public static Path ociRuntime() {
    List<Path> places =
        RUNTIMES.stream()
            .flatMap(name -> FOLDERS.stream().map(folder -> Path.of(folder, name)))
            .toList();
    return first(
        places,
        Problem.of(
            Kind.UNPREPARED,
            "host.no-oci-runtime",
            "This host has no OCI runtime",
            String.join(", ", RUNTIMES),
            "Install the package crun."));
  }

  /** What holds an instance's output and exit code. */
  public static Path monitor() {
    return first(
        FOLDERS.stream().map(folder -> Path.of(folder, "conmon")).toList(),
        Problem.of(
            Kind.UNPREPARED,
            "host.no-monitor",
            "This host has no monitor for instances",
            "conmon",
            "Install the package conmon."));
  }

  /**
   * The first process of an instance, which is the product's own (src/main/c): linked statically,
   * since images have other libraries.
   */
  public static Path init() {
    Path built = Path.of(System.getProperty(INIT, ""));
    return first(
        List.of(built),
        Problem.of(
            Kind.UNPREPARED,
            "host.no-init",
            "The init program for instances is missing",
            built.toString(),
            "Install the platform again (bin/install), or build it (bin/build)."));
  }

  /** E.g. {@code crun 1.8.1}. */
  public static String version(Path program) throws IOException {
    String said = OciRuntime.run(List.of(program.toString(), "--version"));
    return said.lines().findFirst().orElse("").replace(" version", "");
  }

  private static Path first(List<Path> places, Problem missing) {
    return places.stream()
        .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
        .findFirst()
        .orElseThrow(missing::asException);
  }
}
