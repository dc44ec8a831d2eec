package dev.paas.runtime.container;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.image.StoredImage;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Refuses specs that paasd never sends, before anything is made of them. */
public final class SpecCheck {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** The kernel's limit for one argument or variable, in bytes (MAX_ARG_STRLEN). */
  private static final int MAX_WORD = 131_072 - 1;

  /**
   * All arguments and variables, in bytes: half of what execve(2) takes under the default stack
   * limit.
   */
  private static final int MAX_WORDS = 1 << 20;

  /** What execve(2) takes for each of them besides: its end and a pointer. */
  private static final int WORD_OVERHEAD = 9;

  private static final long MIN_MEMORY = 4 << 20;
  private static final long MAX_MEMORY = 1L << 46;
  private static final int MAX_CPU_MILLIS = 1_000_000;
  private static final int MAX_PIDS = 1 << 22;
  private static final int MAX_PORT = 65_535;

  private static final String ADVICE =
      "Correct the value; it comes from the app's config, its Procfile or its scale.";

  private SpecCheck() {}

  /**
   * An image that an app may run. One that has just lost its names is still its app's; only its
   * digest leads to it.
   */
  public static StoredImage open(AppName app, StoredImage image) {
    if (image.names().isEmpty() || image.isOpenTo(app)) {
      return image;
    }
    throw Problem.of(
            Kind.NOT_FOUND,
            "image.not-found",
            "There is no such image for this app",
            image.digest().toString(),
            "Name an image of the app's own builds, or one that paas image ls shows.")
        .asException();
  }

  public static void check(InstanceSpec spec) {
    if (!DIGEST.matcher(spec.getImage()).matches()) {
      throw bad("an image is named by its digest", spec.getImage());
    }
    words(spec.getArgvList(), spec.getEnvMap(), ADVICE);
    if (spec.getPort() < 0 || spec.getPort() > MAX_PORT) {
      throw bad("a port is between 1 and 65535", Integer.toString(spec.getPort()));
    }
    check(spec.getLimits());
  }

  /**
   * Arguments and variables by their names.
   *
   * @param advice for whoever wrote them
   * @throws PaasException {@code instance.bad-spec}
   */
  public static void words(List<String> argv, Map<String, String> env, String advice) {
    long words = ofArguments(argv, advice);
    for (Map.Entry<String, String> set : env.entrySet()) {
      String name = set.getKey();
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw bad("a variable has a name without =", name, advice);
      }
      words += checked("a variable's name", name, name, advice);
      words += checked("a variable's value", name, set.getValue(), advice);
    }
    checkSum(words, advice);
  }

  /** The same with {@code NAME=value} variables. */
  public static void words(List<String> argv, List<String> env, String advice) {
    long words = ofArguments(argv, advice);
    for (String set : env) {
      words += checked("a variable", set.replaceAll("(?s)=.*", ""), set, advice);
    }
    checkSum(words, advice);
  }

  private static long ofArguments(List<String> argv, String advice) {
    long words = 0;
    for (String word : argv) {
      words += checked("an argument", word, word, advice);
    }
    return words;
  }

  private static void checkSum(long words, String advice) {
    if (words > MAX_WORDS) {
      throw bad("arguments and variables are 1 MiB at most", Long.toString(words), advice);
    }
  }

  public static void check(Limits limits) {
    long memory = limits.getMemoryBytes();
    if (memory != 0 && (memory < MIN_MEMORY || memory > MAX_MEMORY)) {
      throw bad("a memory limit is at least 4 MiB", Long.toString(memory));
    }
    if (limits.getCpuMillis() < 0 || limits.getCpuMillis() > MAX_CPU_MILLIS) {
      throw bad("a CPU limit is positive", Integer.toString(limits.getCpuMillis()));
    }
    if (limits.getPids() < 0 || limits.getPids() > MAX_PIDS) {
      throw bad("a limit of processes is positive", Integer.toString(limits.getPids()));
    }
  }

  // A value may be a secret: only its name is repeated.
  private static int checked(String what, String shown, String word, String advice) {
    int length = word.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (length > MAX_WORD || word.indexOf('\0') >= 0) {
      throw bad(what + " has no zero bytes and less than 128 KiB", shown, advice);
    }
    return length + WORD_OVERHEAD;
  }

  private static PaasException bad(String rule, String value) {
    return bad(rule, value, ADVICE);
  }

  private static PaasException bad(String rule, String value, String advice) {
    return Problem.of(
            Kind.INVALID,
            "instance.bad-spec",
            "A program can't be started like this: " + rule,
            value,
            advice)
        .asException();
  }
}
