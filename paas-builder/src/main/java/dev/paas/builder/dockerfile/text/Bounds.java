package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.Environment;

/**
 * What one Dockerfile may come to, counted while it is read: whoever writes it decides how often
 * anything stands in it, and how often a variable is used.
 */
public final class Bounds {

  /** Linux takes no longer string as an argument or variable (MAX_ARG_STRLEN, with its NUL). */
  public static final int MAX_STRING = (128 << 10) - 1;

  /** How many characters of a pattern are compared for the price of one that is written. */
  private static final int COMPARED = 16;

  /** PATH_MAX and NAME_MAX of Linux, without the NUL. */
  private static final int MAX_PATH = 4095;

  private static final int MAX_NAME = 255;

  private final PlatformSettings.Planning limits;
  private long expanded;
  private int words;
  private boolean exceeded;

  public Bounds(PlatformSettings.Planning limits) {
    this.limits = limits;
  }

  /** A bound of the whole file was exceeded: nothing more of it may be read. */
  public boolean exceeded() {
    return exceeded;
  }

  public void instructions(int count, Text at) {
    if (count > limits.maxInstructions()) {
      throw many(at, "instructions", limits.maxInstructions(), "planning.max-instructions");
    }
  }

  public void stages(int count, Text at) {
    if (count > limits.maxStages()) {
      throw many(at, "stages", limits.maxStages(), "planning.max-stages");
    }
  }

  /** One more word of an instruction, which now has so many. */
  public void words(int count, Text at) {
    entries(count, "words in one instruction", at);
    if (++words > limits.maxWords()) {
      throw many(at, "words", limits.maxWords(), "planning.max-words");
    }
  }

  public PlatformSettings.Planning limits() {
    return limits;
  }

  /** Variables, labels, ports or volumes. */
  public void entries(int count, String what, Text at) {
    if (count > limits.maxEntries()) {
      throw many(at, what, limits.maxEntries(), "planning.max-entries");
    }
  }

  /** The image's config as it is now, in bytes. */
  public void config(long bytes, Text at) {
    if (bytes > limits.maxConfig().bytes()) {
      exceeded = true;
      throw at.problem(
          Kind.TOO_LARGE,
          "dockerfile.too-large",
          "Variables, labels, ports, volumes and commands are larger than "
              + limits.maxConfig()
              + " together",
          "Make them shorter, put them into a file, or raise the setting planning.max-config.");
    }
  }

  /** Characters that the replacing of variables has produced. */
  public void produced(long characters, Text at) {
    expanded += characters;
    if (expanded > limits.maxExpanded().bytes()) {
      exceeded = true;
      throw at.problem(
          Kind.TOO_LARGE,
          "dockerfile.too-large",
          "The variables of this file come to more than "
              + limits.maxExpanded()
              + " where they are replaced",
          "Use them less often, or raise the setting planning.max-expanded.");
    }
  }

  /** A pattern is compared with a value, one character with each. */
  public void compared(long pattern, long value, Text at) {
    produced(pattern * value / COMPARED, at);
  }

  /** One argument or one variable with its name. */
  public void string(String text, Text at) {
    if (text.length() > MAX_STRING / 3 && Environment.utf8Length(text) > MAX_STRING) {
      throw at.problem(
          Kind.INVALID,
          "dockerfile.too-long",
          "This is longer than " + MAX_STRING + " bytes once its variables are replaced",
          "Make it shorter, or put it into a file; Linux takes no longer argument.");
    }
  }

  /** A path as it is written, before anything is made of its parts. */
  public String written(String path, Text at) {
    if (Environment.utf8Length(path) > MAX_PATH) {
      throw badPath(at);
    }
    return path;
  }

  /** A path in the image. */
  public String path(String path, Text at) {
    for (String name : written(path, at).split("/")) {
      if (Environment.utf8Length(name) > MAX_NAME) {
        throw badPath(at);
      }
    }
    return path;
  }

  private static PaasException badPath(Text at) {
    return at.problem(
        Kind.INVALID,
        "dockerfile.bad-path",
        "No file can have this path: Linux takes "
            + MAX_NAME
            + " bytes for a name and "
            + MAX_PATH
            + " for a path",
        "Make it shorter.");
  }

  private PaasException many(Text at, String what, int limit, String setting) {
    exceeded = true;
    return at.problem(
        Kind.INVALID,
        "dockerfile.too-many",
        "There are more than " + limit + " " + what,
        "Write fewer, or raise the setting " + setting + ".");
  }
}
