package dev.paas.runtime.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.rootfs.RootFilesystems;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The OCI runtime of this host, as a command. The platform owns the control groups. With crun, a
 * wrapper puts itself into the instance's groups and becomes the runtime, so that the instance is
 * in them before its first instruction; runc has no way to leave groups alone, refuses one that is
 * not empty, and is told which one to enter.
 */
public final class OciRuntime {

  /** No call of the runtime takes this long unless it hangs. */
  private static final long CALL_SECONDS = 30;

  private static final TimeLimit CALLS = new TimeLimit(Duration.ofSeconds(CALL_SECONDS));

  private final Path program;
  private final String version;
  private final Path state;
  private final Path wrapper;
  private final Cgroups cgroups;
  private final ResourceLimits resources;
  private final SystemCallFilter filter = new SystemCallFilter();
  private final boolean joins;

  private OciRuntime(
      Path program,
      String version,
      Path state,
      Path wrapper,
      Cgroups cgroups,
      ResourceLimits resources)
      throws IOException {
    this.program = program;
    this.version = version;
    this.state = state;
    this.wrapper = wrapper;
    this.cgroups = cgroups;
    this.resources = resources;
    this.joins = leavesGroupsAlone(program) || ResourceLimits.canBeRaised();
  }

  /**
   * A runtime that is installed.
   *
   * @param run the daemon's folder on tmpfs
   * @param resources that every container's processes may have
   */
  public static OciRuntime of(Path program, Path run, Cgroups cgroups, ResourceLimits resources)
      throws IOException {
    Path state = Folders.create(run.resolve("oci"), "rwx------");
    return new OciRuntime(
        program, HostPrograms.version(program), state, wrapper(run, program), cgroups, resources);
  }

  private static Path wrapper(Path run, Path program) throws IOException {
    Path wrapper = Folders.create(run.resolve("bin"), "rwx------").resolve("enter");
    String manager = leavesGroupsAlone(program) ? "--cgroup-manager=disabled " : "";
    String script =
        "#!/bin/sh\n"
            + "# Enters the groups named by PAAS_ENTRANCES and becomes the runtime.\n"
            + "for entrance in $PAAS_ENTRANCES; do echo 0 >\"$entrance\" || exit 1; done\n"
            + "unset PAAS_ENTRANCES\n"
            + "# The monitor of one more process has a name of its own; the runtime gets the container's.\n"
            + "if [ -n \"$PAAS_CONTAINER\" ]; then\n"
            + "  left=$#\n"
            + "  for word; do\n"
            + "    shift\n"
            + "    left=$((left - 1))\n"
            + "    [ \"$left\" -gt 0 ] || word=$PAAS_CONTAINER\n"
            + "    set -- \"$@\" \"$word\"\n"
            + "  done\n"
            + "  unset PAAS_CONTAINER\n"
            + "fi\n"
            + "# crun gives the files that it begins with to the container's user: the host's /dev/null is\n"
            + "# not to be one of them, which any app could then close to everybody. This one ends at once, too.\n"
            + "[ ! /proc/self/fd/0 -ef /dev/null ] || exec <<END\n"
            + "END\n"
            + "exec "
            + program
            + " "
            + manager
            + "\"$@\"\n";
    Path made = wrapper.resolveSibling("enter.new");
    Files.write(made, script.getBytes(UTF_8));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
    // Renamed over: a shell that is reading the old one keeps it.
    Files.move(made, wrapper, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    return wrapper;
  }

  public String version() {
    return version;
  }

  public Path wrapper() {
    return wrapper;
  }

  public Path state() {
    return state;
  }

  private static boolean leavesGroupsAlone(Path program) {
    return program.endsWith("crun");
  }

  /**
   * Writes what the runtime is told of a container.
   *
   * @param bundle a folder that is named like the container
   */
  public void configure(Path bundle, Bundle content, RootFilesystems roots) throws IOException {
    Optional<Path> users =
        joinsNamespaces() ? Optional.of(roots.namespaceOf(content.root().ids())) : Optional.empty();
    Optional<String> entered = entered(String.valueOf(bundle.getFileName()));
    Files.write(bundle.resolve("config.json"), content.json(filter, resources, entered, users));
  }

  /** Writes what the runtime is told of one more process of a container. */
  public void configureProcess(Path file, Bundle content) throws IOException {
    Files.write(file, content.processJson(resources));
  }

  /**
   * Whether the runtime can put a container into a user namespace that is there already. runc sets
   * a process's limits from outside, which takes CAP_SYS_RESOURCE where the namespace is not
   * root's.
   */
  private boolean joinsNamespaces() {
    return joins;
  }

  /** The group that the runtime itself puts a container into. */
  private Optional<String> entered(String group) {
    return leavesGroupsAlone(program) ? Optional.empty() : Optional.of(cgroups.path(group));
  }

  /** The value of PAAS_ENTRANCES for a group. */
  public String entrances(String group) {
    if (!leavesGroupsAlone(program)) {
      return "";
    }
    return cgroups.entrances(group).stream().map(Path::toString).collect(Collectors.joining(" "));
  }

  /** The names of the containers that the runtime knows. */
  public List<String> created() throws IOException {
    return Folders.names(state);
  }

  /** Whether a container was created and its program not executed yet. */
  public boolean waits(String id) {
    return Files.exists(state.resolve(id).resolve("exec.fifo"));
  }

  /**
   * Runs a container from its making to its end. What its group has counted can be read after that,
   * until {@link #delete}.
   */
  public List<String> run(String id, Path bundle) {
    List<String> command = new ArrayList<>(List.of(wrapper.toString(), "--root=" + state, "run"));
    if (!leavesGroupsAlone(program)) {
      command.add("--keep");
    }
    command.addAll(List.of("--bundle", bundle.toString(), id));
    return command;
  }

  /** Executes the program of a created container. */
  public void start(String id) throws IOException {
    call("start", id);
  }

  /** Forgets a container, killing it if needed; an unknown one is a success. */
  public void delete(String id) throws IOException {
    if (Files.exists(state.resolve(id))) {
      call("delete", "--force", id);
    }
  }

  private void call(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("--root=" + state);
    if (leavesGroupsAlone(program)) {
      command.add("--cgroup-manager=disabled");
    }
    command.addAll(List.of(arguments));
    run(command);
  }

  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said;
    try (TimeLimit.Wait limit = CALLS.begin(() -> end(process))) {
      said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (limit.hasPassed() || !process.waitFor(CALL_SECONDS, TimeUnit.SECONDS)) {
        end(process);
        throw new IOException(command + " hangs");
      }
    } catch (InterruptedException stopped) {
      end(process);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the OCI runtime works");
    }
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
    return said;
  }

  /** Also those that it has made and that hold what it writes to. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** A container that was not made, and what the runtime or its monitor said. */
  public static RuntimeException failed(String said) {
    return Problem.of(
            Kind.HOST_FAILED,
            "instance.start-failed",
            "The container can't be made",
            said,
            "Run paas doctor; if it finds nothing, the value says what the OCI runtime missed.")
        .asException();
  }
}
