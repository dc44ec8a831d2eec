package dev.paas.runtime.container;

import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.rootfs.Accounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a container's program is started with: its words, its environment, its folder. */
public final class ProgramSpec {

  /** The PATH of programs that name none, and of the platform's own tools. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** PATH_MAX. */
  private static final int MAX_PATH = 4095;

  private ProgramSpec() {}

  /**
   * The words asked for, or else the image's.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.no-command}
   */
  public static List<String> argv(List<String> asked, ImageConfig config) {
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
  public static List<String> environment(
      InstanceName name, InstanceSpec spec, ImageConfig config, Accounts account) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PATH", PATH);
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

  public static List<String> withHome(List<String> env, Accounts account) {
    if (env.stream().anyMatch(set -> set.startsWith("HOME="))) {
      return env;
    }
    List<String> all = new ArrayList<>(env);
    all.add("HOME=" + account.home());
    return all;
  }

  /**
   * A path that leads nowhere else: absolute, without {@code ..}, not in the kernel's file systems.
   */
  public static String folder(String path) {
    if (!usable(path)) {
      throw Problem.of(
              Kind.INVALID,
              "instance.bad-working-directory",
              "A process can't have this folder",
              path,
              "Use an absolute path without .. that is not in /proc, /sys or /dev.")
          .asException();
    }
    return path;
  }

  private static boolean usable(String path) {
    if (path.length() > MAX_PATH || path.indexOf('\0') >= 0) {
      return false;
    }
    Path wanted = Path.of(path);
    boolean kernel =
        wanted.startsWith("/proc") || wanted.startsWith("/sys") || wanted.startsWith("/dev");
    return wanted.isAbsolute() && wanted.equals(wanted.normalize()) && !kernel;
  }
}
