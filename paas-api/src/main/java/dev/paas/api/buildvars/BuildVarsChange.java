package dev.paas.api.buildvars;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A checked change of what an app's builds get. A name is a var's or a secret's, never both. */
public record BuildVarsChange(
    Map<String, String> vars, Map<String, String> secrets, Set<String> unset) {

  /** All names and values of an app, in bytes of UTF-8. */
  public static final int MAX_TOTAL_BYTES = 64 << 10;

  /** Secrets of an app: a buildpack's step has a mount for each, and may have 32. */
  public static final int MAX_SECRETS = 16;

  /** Of a name, in characters. */
  public static final int MAX_NAME_LENGTH = 128;

  /** An ARG has it, and a variable of the environment. */
  private static final Pattern VAR = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** A file has it. */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  /**
   * @throws PaasException {@code config.bad-name}, {@code config.bad-value}, {@code
   *     config.contradiction}
   */
  public BuildVarsChange {
    vars = Map.copyOf(vars);
    secrets = Map.copyOf(secrets);
    unset = Set.copyOf(unset);
    vars.forEach((name, value) -> check(VAR, name, value));
    secrets.forEach((name, value) -> check(SECRET, name, value));
    unset.forEach(name -> check(SECRET, name, ""));
    Set<String> twice = new HashSet<>(vars.keySet());
    twice.retainAll(secrets.keySet());
    Set<String> set = new HashSet<>(vars.keySet());
    set.addAll(secrets.keySet());
    set.retainAll(unset);
    twice.addAll(set);
    if (!twice.isEmpty()) {
      throw refused(
          Kind.INVALID,
          "config.contradiction",
          "A name can be a build var, a secret or unset, one of these",
          twice.iterator().next(),
          "Choose one.");
    }
  }

  /**
   * What comes of it, as the next version; the same when it changes nothing.
   *
   * @throws PaasException {@code config.too-large}
   */
  BuildVars applyTo(BuildVars before) {
    SortedMap<String, String> varsAfter = new TreeMap<>(before.vars());
    SortedMap<String, String> secretsAfter = new TreeMap<>(before.secrets());
    varsAfter.keySet().removeIf(name -> unset.contains(name) || secrets.containsKey(name));
    secretsAfter.keySet().removeIf(name -> unset.contains(name) || vars.containsKey(name));
    varsAfter.putAll(vars);
    secretsAfter.putAll(secrets);
    long total = bytes(varsAfter) + bytes(secretsAfter);
    if (total > MAX_TOTAL_BYTES) {
      throw refused(
          Kind.TOO_LARGE,
          "config.too-large",
          "What builds of an app get takes at most " + MAX_TOTAL_BYTES + " bytes",
          total + " bytes",
          "Put large data into files of the app, or unset what is not needed.");
    }
    if (secretsAfter.size() > MAX_SECRETS) {
      throw refused(
          Kind.TOO_LARGE,
          "config.too-large",
          "An app has at most " + MAX_SECRETS + " secrets for builds",
          String.valueOf(secretsAfter.size()),
          "Unset those that are not needed, or put several into one.");
    }
    return varsAfter.equals(before.vars()) && secretsAfter.equals(before.secrets())
        ? before
        : new BuildVars(before.version() + 1, varsAfter, secretsAfter);
  }

  private static long bytes(SortedMap<String, String> all) {
    return all.entrySet().stream().mapToLong(e -> bytes(e.getKey()) + bytes(e.getValue())).sum();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void check(Pattern form, String name, String value) {
    if (name.length() > MAX_NAME_LENGTH || !form.matcher(name).matches()) {
      throw refused(
          Kind.INVALID,
          "config.bad-name",
          "Builds can't have this name",
          name,
          "Use letters, digits and underscores (of a secret also dots and hyphens), no digit"
              + " first, at most "
              + MAX_NAME_LENGTH
              + " characters.");
    }
    if (value.indexOf('\0') >= 0) {
      throw refused(
          Kind.INVALID,
          "config.bad-value",
          "A value can't contain a NUL character",
          name,
          "Take the NUL out.");
    }
  }

  private static PaasException refused(
      Kind kind, String code, String what, String value, String fix) {
    return Problem.of(kind, code, what, value, fix).asException();
  }

  /** Names only. */
  @Override
  public String toString() {
    return "BuildVarsChange[vars="
        + vars.keySet()
        + ", secrets="
        + secrets.keySet()
        + ", unset="
        + unset
        + "]";
  }
}
