package dev.paas.runtime.instance;

import dev.paas.base.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The programs of the host's distribution that instances need. */
public final class HostPrograms {

  /** In order of preference: crun starts in half of runc's time. */
  private static final List<String> RUNTIMES = List.of("crun", "runc");

  private static final List<String> FOLDERS = List.of("/usr/local/bin", "/usr/bin", "/usr/sbin");

  private static final List<Path> INITS =
      List.of(
          Path.of("/usr/bin/tini-static"),
          Path.of("/usr/bin/catatonit"),
          Path.of("/usr/libexec/podman/catatonit"));

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
            "host.no-monitor",
            "This host has no monitor for instances",
            "conmon",
            "Install the package conmon."));
  }

  /** The first process of an instance: linked statically, since images have other libraries. */
  public static Path init() {
    return first(
        INITS,
        Problem.of(
            "host.no-init",
            "This host has no init program for instances",
            INITS.toString(),
            "Install the package tini."));
  }

  /** E.g. {@code crun 1.8.1}. */
  public static String version(Path program) throws IOException {
    String said = OciRuntime.run(List.of(program.toString(), "--version"));
    return said.lines().findFirst().orElse("").replace(" version", "");
  }

  private static Path first(List<Path> places, Problem missing) {
    return places.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(missing::asException);
  }
}
