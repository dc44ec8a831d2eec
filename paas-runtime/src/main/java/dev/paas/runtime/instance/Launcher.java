package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.InstanceSettings;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes an instance from its spec to a running process, and away again. The process's parent is a
 * monitor (conmon), which outlives this daemon: it holds the output, writes the log and, when the
 * process ends, its exit code.
 */
final class Launcher {

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The monitor's answer: a pid, or -1 and why. */
  private static final Pattern ANSWER = Pattern.compile("\"(data|pid)\": *(-?\\d+)");

  private static final Pattern MESSAGE = Pattern.compile("\"message\": *\"(.*)\"");

  private final Launchpad pad;
  private final Function<String, StoredImage> images;
  private final Path sockets;

  Launcher(Launchpad pad, Function<String, StoredImage> images) throws IOException {
    this.pad = pad;
    this.images = images;
    this.sockets = Folders.create(pad.run().resolve("s"), "rwx------");
  }

  /** Whether the monitor has told how the process ended. */
  boolean hasExited(String name) {
    return Files.exists(pad.exits().resolve(name));
  }

  /** The exit code of a process that has ended. */
  OptionalInt exitCode(String name) throws IOException {
    Path file = pad.exits().resolve(name);
    return Files.exists(file)
        ? OptionalInt.of(Integer.parseInt(Files.readString(file).strip()))
        : OptionalInt.empty();
  }

  /** What is done with a process that waits before its first instruction. */
  interface Created {
    void process(ProcessIdentity process) throws IOException;
  }

  /**
   * Starts an instance from nothing; whatever was left of an earlier start is cleared first.
   *
   * @param log the file that output is appended to
   * @param created is told the process before it begins, so that no crash loses one that runs
   */
  void launch(
      InstanceName name, InstanceSpec spec, UidRange ids, int place, Path log, Created created)
      throws IOException {
    String container = name.toString();
    clear(container, place);
    StoredImage image = images.apply(spec.getImage());
    try {
      Path folder = Folders.create(pad.writable().resolve(container), "rwx------");
      RootFilesystem root = pad.roots().mount(container, image.layerDirectories(), folder, ids);
      pad.cgroups().create(container, limits(spec.getLimits()));
      Path bundle = pad.bundle(container);
      pad.writeConfig(bundle, content(name, spec, image.config(), root, place));
      watchDisk(container);
      ProcessIdentity process = create(container, bundle, log);
      pad.links().attach(place, process.pid());
      created.process(process);
      pad.runtime().start(container);
      Beginning.await(process, () -> false);
    } catch (IOException | RuntimeException failed) {
      try {
        clear(container, place);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
  }

  /** From now on the instance ends when it writes more to the disk than it may. */
  void watchDisk(String container) {
    pad.disk()
        .watch(
            container,
            new DiskWatch.Limit(
                List.of(pad.writable().resolve(container)),
                pad.roots().placeOf(container),
                pad.instanceDisk(),
                false));
  }

  /** Frees everything of an instance on this host except its log and its place. */
  void clear(String container, int place) throws IOException {
    pad.links().detach(place);
    pad.clearAll(container);
  }

  /** Begins a process that a killed daemon created and left waiting; others are left alone. */
  void begin(String container) throws IOException {
    if (pad.runtime().waits(container)) {
      pad.runtime().start(container);
    }
  }

  private GroupLimits limits(Limits asked) {
    InstanceSettings defaults = pad.settings().runtime();
    return new GroupLimits(
        memoryLimit(asked),
        asked.getCpuMillis() > 0 ? asked.getCpuMillis() : defaults.cpuMillis(),
        asked.getPids() > 0 ? asked.getPids() : defaults.pids());
  }

  long memoryLimit(Limits asked) {
    return asked.getMemoryBytes() > 0
        ? asked.getMemoryBytes()
        : pad.settings().runtime().memory().bytes();
  }

  private Bundle content(
      InstanceName name, InstanceSpec spec, ImageConfig config, RootFilesystem root, int place)
      throws IOException {
    Accounts account = Accounts.in(root.path(), config.getUser());
    String address = pad.links().link(place).address().getHostAddress();
    String folder = config.getWorkingDir().isEmpty() ? "/" : config.getWorkingDir();
    InstanceSettings settings = pad.settings().runtime();
    return new Bundle(
        root,
        pad.underInit(Signals.stop(config.getStopSignal()), argv(spec.getArgvList(), config)),
        environment(name, spec, config, account),
        Sandbox.checkedPath(folder),
        account,
        Bundle.INSTANCE_CAPABILITIES,
        name.hostname(),
        pad.commonBinds(name.toString(), name.hostname(), address),
        settings.disk().bytes(),
        settings.tmp().bytes(),
        settings.shm().bytes(),
        Optional.empty());
  }

  static List<String> argv(List<String> asked, ImageConfig config) {
    if (!asked.isEmpty()) {
      return asked;
    }
    List<String> argv = new ArrayList<>(config.getEntrypointList());
    argv.addAll(config.getCmdList());
    if (argv.isEmpty()) {
      throw Problem.of(
              Kind.INVALID,
              "instance.no-command",
              "The image names no command and the process type has none",
              "Add a line to the Procfile, or CMD to the Dockerfile.")
          .asException();
    }
    return argv;
  }

  /** The image's, then the spec's, then what the platform says. */
  static List<String> environment(
      InstanceName name, InstanceSpec spec, ImageConfig config, Accounts account) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PATH", DEFAULT_PATH);
    all.put("HOME", account.home());
    for (String set : config.getEnvList()) {
      int equals = set.indexOf('=');
      if (equals > 0) {
        all.put(set.substring(0, equals), set.substring(equals + 1));
      }
    }
    all.putAll(spec.getEnvMap());
    all.put("HOSTNAME", name.hostname());
    if (spec.getPort() > 0) {
      all.put("PORT", Integer.toString(spec.getPort()));
    }
    return all.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /** Has the monitor create the container; its process waits before its first instruction. */
  private ProcessIdentity create(String container, Path bundle, Path log) throws IOException {
    // The shell stays until the answer is there: conmon's first process forks and ends before it,
    // and
    // the JVM closes the pipe of a process that has ended.
    List<String> command = new ArrayList<>(List.of("sh", "-c"));
    command.add(
        "for entrance in $PAAS_MONITOR; do echo 0 >\"$entrance\"; done;"
            + " \"$@\" 3>&1 >/dev/null 2>monitor.err | head -n 1");
    command.add("sh");
    command.addAll(
        List.of(
            HostPrograms.monitor().toString(),
            "--api-version",
            "1",
            "-c",
            container,
            "-u",
            shortId(container),
            "-n",
            container,
            "-r",
            pad.runtime().wrapper().toString(),
            "-b",
            bundle.toString()));
    command.addAll(
        List.of(
            "-p",
            bundle.resolve("pid").toString(),
            "-P",
            bundle.resolve("conmon.pid").toString(),
            "--exit-dir",
            pad.exits().toString(),
            "--persist-dir",
            bundle.toString(),
            "--socket-dir-path",
            sockets.toString(),
            "-l",
            "k8s-file:" + log,
            "--log-size-max",
            Long.toString(pad.settings().runtime().logKept().bytes() * Logs.MONITOR_FACTOR)));
    command.addAll(List.of("--no-sync-log", "--runtime-arg=--root=" + pad.runtime().state()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(bundle.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", DEFAULT_PATH);
    environment.put("_OCI_SYNCPIPE", "3");
    environment.put("PAAS_ENTRANCES", pad.runtime().entrances(container));
    environment.put(
        "PAAS_MONITOR",
        pad.cgroups().monitorEntrances().stream()
            .map(Path::toString)
            .collect(Collectors.joining(" ")));
    Process monitor = builder.start();
    try (BufferedReader answers =
        new BufferedReader(new InputStreamReader(monitor.getInputStream(), UTF_8))) {
      String answer = answers.readLine();
      Matcher number = ANSWER.matcher(answer == null ? "" : answer);
      if (number.find() && Integer.parseInt(number.group(2)) > 0) {
        return ProcessIdentity.of(Integer.parseInt(number.group(2)))
            .orElseThrow(() -> Sandbox.failed("the process ended before it was started"));
      }
      Matcher message = MESSAGE.matcher(answer == null ? "" : answer);
      throw Sandbox.failed(
          message.find()
              ? message.group(1)
              : "monitor: " + Files.readString(bundle.resolve("monitor.err")).strip());
    }
  }

  /** Names of sockets are short (unix(7)): 64 bits of the name's hash. */
  private static String shortId(String container) {
    try {
      byte[] hash =
          java.security.MessageDigest.getInstance("SHA-256").digest(container.getBytes(UTF_8));
      return java.util.HexFormat.of().formatHex(hash, 0, 8);
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
