package dev.paas.runtime.container;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.linux.NamedPipe;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.ProcessTree;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.oci.HostPrograms;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.oci.TimeLimit;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor (conmon) of a container that outlives this daemon: it has the OCI runtime create it,
 * is the parent of its process, holds the output, writes the log and, at the end, the exit code.
 */
public final class Monitor {

  private static final byte[] GO = {'g'};

  /** The pipe from which a monitor of one more process is told to go on. */
  private static final String START = "start";

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** How monitors call the socket over which the OCI runtime hands them a terminal. */
  private static final String CONSOLE = "conmon-term.";

  private final OciRuntime runtime;
  private final Cgroups cgroups;
  private final Path exits;
  private final Path bundles;
  private final ContainerFolders folders;
  private final long maxLog;
  private final TimeLimit starts;

  /**
   * @param maxLog bytes of a log after which the monitor discards all of it
   * @param startLimit how long the making of a process may take
   */
  public Monitor(
      OciRuntime runtime,
      Cgroups cgroups,
      ContainerFolders folders,
      long maxLog,
      Duration startLimit)
      throws IOException {
    this.runtime = runtime;
    this.cgroups = cgroups;
    this.exits = folders.exits();
    this.bundles = folders.bundles();
    this.folders = folders;
    Folders.create(folders.sockets(), "rwx------");
    this.maxLog = maxLog;
    this.starts = new TimeLimit(startLimit);
    sweep();
  }

  /** Removes what belonged to containers that were cleared by an older version, or not at all. */
  private void sweep() throws IOException {
    try (Stream<Path> left = Files.list(folders.sockets())) {
      for (Path each : left.toList()) {
        if (!Files.exists(each) || each.getFileName().toString().startsWith(CONSOLE)) {
          Files.delete(each);
        }
      }
    }
  }

  /** Whether the monitor has told how the process ended. */
  public boolean hasExited(String name) {
    return Files.exists(exits.resolve(name));
  }

  /** Whether the monitor itself is there. */
  public boolean isThere(String name) {
    try {
      Path command = Path.of("/proc", pidOf(name), "cmdline");
      return Files.readString(command, ISO_8859_1).contains("\0" + name + "\0");
    } catch (IOException gone) {
      return false;
    }
  }

  /** The monitor's own number, a word that is none when it has none yet. */
  private String pidOf(String name) {
    try {
      return Files.readString(bundles.resolve(name).resolve("conmon.pid")).strip();
    } catch (IOException none) {
      return "none";
    }
  }

  /** The exit code of a process that has ended. */
  public OptionalInt exitCode(String name) throws IOException {
    Path file = exits.resolve(name);
    return Files.exists(file)
        ? OptionalInt.of(Integer.parseInt(Files.readString(file).strip()))
        : OptionalInt.empty();
  }

  /**
   * Has the container created; its process waits before its first instruction.
   *
   * @param log the file that output is appended to
   */
  public ProcessIdentity create(String container, Path bundle, Path log) throws IOException {
    return create(container, bundle, log, Streams.NONE);
  }

  /**
   * The streams of a process beside its log.
   *
   * @param terminal whether it has one
   * @param input whether it has a pipe to read from, which ends when one who is connected to the
   *     monitor's socket goes or says so; a terminal never ends
   */
  public record Streams(boolean terminal, boolean input) {
    static final Streams NONE = new Streams(false, false);

    private List<String> options() {
      if (terminal) {
        return List.of("-t");
      }
      return input ? List.of("-i") : List.of();
    }
  }

  /**
   * The same for a process with streams, which whoever is connected to {@link #socket} has from the
   * first byte on.
   */
  public ProcessIdentity create(String container, Path bundle, Path log, Streams streams)
      throws IOException {
    List<String> command = command(container, bundle, log);
    command.addAll(streams.options());
    Process monitor = begin(command, container, bundle, Map.of());
    try (TimeLimit.Wait limit = starts.begin(() -> cut(container, monitor))) {
      Answer answer = answer(monitor);
      limit.over();
      return answer
          .process(bundle)
          .orElseThrow(() -> OciRuntime.failed("the process ended before it was started"));
    } catch (IOException | RuntimeException | Error failed) {
      cut(container, monitor);
      throw failed;
    }
  }

  private static Answer answer(Process monitor) throws IOException {
    try (BufferedReader answers =
        new BufferedReader(new InputStreamReader(monitor.getInputStream(), UTF_8))) {
      String answer = answers.readLine();
      return Answer.of(answer == null ? "" : answer);
    }
  }

  /**
   * What a monitor says of the process that it was to have made.
   *
   * @param pid 0 or less: there is none
   * @param why there is none; empty when nothing was said
   */
  record Answer(int pid, String why) {

    private static final Pattern PID = Pattern.compile("\"(data|pid)\": *(-?\\d+)");
    private static final Pattern MESSAGE = Pattern.compile("\"message\": *\"(.*)\"");

    static Answer of(String line) {
      Matcher pid = PID.matcher(line);
      Matcher message = MESSAGE.matcher(line);
      return new Answer(
          pid.find() ? Integer.parseInt(pid.group(2)) : 0,
          message.find() ? message.group(1).replace("\\n", "").strip() : "");
    }

    /**
     * Whether the command was the reason that there is no process. At a terminal a monitor says
     * nothing about that; elsewhere its silence means that it has died.
     *
     * @param terminal whether the process was to have one
     * @param made whether there was a process all the same
     */
    boolean isNotExecuted(boolean terminal, boolean made) {
      return pid <= 0 && !made && (why.isEmpty() ? terminal : NotExecuted.isMeant(why));
    }

    /** The process, unless it has ended. */
    private Optional<ProcessIdentity> process(Path bundle) throws IOException {
      if (pid > 0) {
        return ProcessIdentity.of(pid);
      }
      throw OciRuntime.failed(
          why.isEmpty()
              ? "monitor: " + Files.readString(bundle.resolve("monitor.err")).strip()
              : why);
    }
  }

  /** Ends a start, whatever there is of it: nobody waits for it any more. */
  private void cut(String name, Process shell) {
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
    try {
      abandon(name);
    } catch (IOException left) {
      LOG.atWarn().addKeyValue("container", name).setCause(left).log("monitor not ended");
    }
  }

  /** Kills the monitor of this name, if there is one, and all that it is the parent of. */
  public void abandon(String name) throws IOException {
    for (ProcessIdentity monitor : ProcessTree.running(HostPrograms.monitor(), name)) {
      ProcessTree.kill(monitor);
    }
  }

  /**
   * Lets a process begin whose monitor an earlier daemon told to begin, or was about to: told twice
   * it begins once.
   */
  public void beginAgain(String name) {
    // A byte that is not needed stays in the pipe, which goes with the folder.
    boolean unused = NamedPipe.offer(bundles.resolve(name).resolve(START), GO);
  }

  /** The process that the monitor of this name has made, while it lives. */
  public Optional<ProcessIdentity> made(String name) throws IOException {
    if (!wasMade(name)) {
      return Optional.empty();
    }
    String pid = Files.readString(bundles.resolve(name).resolve("pid")).strip();
    Optional<ProcessIdentity> process =
        pid.isEmpty() ? Optional.empty() : ProcessIdentity.of(Integer.parseInt(pid));
    // Its number may be somebody else's by now, its parent's may not.
    return process.filter(
        made -> {
          String parent = String.valueOf(ProcessTree.parent(made.pid()).orElse(-1));
          return isThere(name) && parent.equals(pidOf(name));
        });
  }

  /** Whether the monitor of this name has made a process. */
  public boolean wasMade(String name) {
    return Files.exists(bundles.resolve(name).resolve("pid"));
  }

  /**
   * One more process of a container that runs.
   *
   * @param name of its monitor, which is nobody else's
   * @param container that it is to run in
   * @param bundle a folder with its {@code process.json}
   * @param log the file that output is appended to
   */
  public record Exec(String name, String container, Path bundle, Path log) {}

  /** What is done with the socket of a process that waits. */
  public interface Attach {
    void to(Path socket) throws IOException;
  }

  /**
   * Has one more process made in a container; it begins when {@code attach} returns.
   *
   * @return nothing when it has ended already
   * @throws NotExecuted when the command was the reason that there is none
   */
  public Optional<ProcessIdentity> exec(Exec exec, Streams streams, Attach attach)
      throws IOException {
    Path bundle = exec.bundle();
    List<String> command = command(exec.name(), bundle, exec.log());
    // The shell stays, see command; both pipes are opened for both directions: nobody waits.
    command.set(2, command.get(2).replace("3>&1", "3>&1 4<>" + START + " 5<>attached"));
    command.addAll(List.of("--exec", "--exec-attach"));
    command.addAll(List.of("--exec-process-spec", bundle.resolve("process.json").toString()));
    command.addAll(streams.options());
    try (NamedPipe start = NamedPipe.create(bundle.resolve(START));
        NamedPipe attached = NamedPipe.create(bundle.resolve("attached"))) {
      Process monitor = begin(command, exec.container(), bundle, pipes(exec.container()));
      // Wakes the reader below when the monitor fails before it listens.
      CompletableFuture<?> unused = monitor.onExit().thenRun(() -> wake(attached));
      try (TimeLimit.Wait limit = starts.begin(() -> cut(exec.name(), monitor))) {
        start.write(GO);
        boolean listens = attached.read() == '{';
        limit.check();
        if (!listens) {
          throw OciRuntime.failed(
              "monitor: " + Files.readString(bundle.resolve("monitor.err")).strip());
        }
        attach.to(socket(exec.name()));
        start.write(GO);
        Answer answer = answer(monitor);
        limit.over();
        if (answer.isNotExecuted(streams.terminal(), wasMade(exec.name()))) {
          throw NotExecuted.because(answer.why());
        }
        return answer.process(bundle);
      } catch (IOException | RuntimeException | Error failed) {
        cut(exec.name(), monitor);
        throw failed;
      }
    }
  }

  private static Map<String, String> pipes(String container) {
    return Map.of("PAAS_CONTAINER", container, "_OCI_STARTPIPE", "4", "_OCI_ATTACHPIPE", "5");
  }

  private static void wake(NamedPipe attached) {
    try {
      attached.write(GO);
    } catch (IOException closed) {
      // It was attached to long ago.
      return;
    }
  }

  /**
   * Where output comes from and input goes to, in packets: a byte that is 2 for output and 3 for
   * errors, and what was printed. Whoever does not read holds the process back.
   */
  public Path socket(String container) {
    return folders.socketLink(container).resolve("attach");
  }

  /** Where a terminal's size is told: {@code 1 ROWS COLUMNS}, and the end of the line. */
  public static Path control(Path bundle) {
    return bundle.resolve("ctl");
  }

  private Process begin(
      List<String> command, String container, Path bundle, Map<String, String> more)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(bundle.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", ProgramSpec.PATH);
    environment.put("TMPDIR", folders.sockets().toString());
    environment.put("_OCI_SYNCPIPE", "3");
    environment.put("PAAS_ENTRANCES", runtime.entrances(container));
    environment.put(
        "PAAS_MONITOR",
        cgroups.monitorEntrances().stream().map(Path::toString).collect(Collectors.joining(" ")));
    environment.putAll(more);
    return builder.start();
  }

  private List<String> command(String container, Path bundle, Path log) {
    // The shell stays until the answer is there: conmon's first process forks and ends before it,
    // and the JVM closes the pipe of a process that has ended.
    String shell =
        "for entrance in $PAAS_MONITOR; do echo 0 >\"$entrance\"; done;"
            + " \"$@\" 3>&1 >/dev/null 2>monitor.err | head -n 1";
    List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh"));
    command.addAll(List.of(HostPrograms.monitor().toString(), "--api-version", "1"));
    command.addAll(
        List.of("-c", container, "-u", ContainerFolders.shortId(container), "-n", container));
    command.addAll(List.of("-r", runtime.wrapper().toString(), "-b", bundle.toString()));
    command.addAll(List.of("-p", bundle.resolve("pid").toString()));
    command.addAll(List.of("-P", bundle.resolve("conmon.pid").toString()));
    command.addAll(List.of("--exit-dir", exits.toString()));
    command.addAll(List.of("--persist-dir", bundle.toString()));
    command.addAll(List.of("--socket-dir-path", folders.sockets().toString()));
    command.addAll(List.of("-l", "k8s-file:" + log, "--log-size-max", Long.toString(maxLog)));
    command.addAll(List.of("--no-sync-log", "--runtime-arg=--root=" + runtime.state()));
    return command;
  }
}
