package dev.paas.api.config;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A checked change of config vars: variables to set and variables to take away. */
public record ConfigChange(Map<String, String> set, Set<String> unset) {

  /** Longest value in bytes of UTF-8: the kernel takes no environment string above 128 KiB. */
  public static final int MAX_VALUE_BYTES = 64 << 10;

  /** All names and values of an app in bytes: what exec(2) takes with an 8 MiB stack is 2 MiB. */
  public static final int MAX_TOTAL_BYTES = 512 << 10;

  /** Longest name in characters. */
  public static final int MAX_NAME_LENGTH = 128;

  private static final Pattern NAME = Pattern.compile("[A-Z_][A-Z0-9_]*");
  private static final String RESERVED_PREFIX = "PAAS_";

  public ConfigChange {
    set = Map.copyOf(set);
    unset = Set.copyOf(unset);
    set.keySet().forEach(ConfigChange::checkName);
    set.forEach(ConfigChange::checkValue);
    for (String name : unset) {
      checkName(name);
      if (set.containsKey(name)) {
        throw refused(
            Kind.INVALID,
            "config.contradiction",
            "A variable can't be set and unset at once",
            name,
            "Choose one.");
      }
    }
  }

  SortedMap<String, String> applyTo(SortedMap<String, String> before) {
    TreeMap<String, String> after = new TreeMap<>(before);
    after.keySet().removeAll(unset);
    after.putAll(set);
    long total =
        after.entrySet().stream().mapToLong(e -> bytes(e.getKey()) + bytes(e.getValue()) + 2).sum();
    if (total > MAX_TOTAL_BYTES) {
      throw refused(
          Kind.TOO_LARGE,
          "config.too-large",
          "All variables of an app together take at most " + MAX_TOTAL_BYTES + " bytes",
          total + " bytes",
          "Put large data into files of the app, or unset what is not needed.");
    }
    return after;
  }

  private static void checkName(String name) {
    if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
      throw refused(
          Kind.INVALID,
          "config.bad-name",
          "This is not a name for a variable",
          name,
          "Use upper-case letters, digits and underscores, no digit first, at most "
              + MAX_NAME_LENGTH
              + " characters.");
    }
    if (name.equals("PORT") || name.startsWith(RESERVED_PREFIX)) {
      throw refused(
          Kind.INVALID,
          "config.reserved-name",
          "The platform sets this variable itself",
          name,
          "Choose another name; PORT and names that begin with PAAS_ come from the platform.");
    }
  }

  private static void checkValue(String name, String value) {
    if (bytes(value) > MAX_VALUE_BYTES) {
      throw refused(
          Kind.TOO_LARGE,
          "config.too-large",
          "The value of a variable takes at most " + MAX_VALUE_BYTES + " bytes",
          name,
          "Put large data into a file of the app.");
    }
    if (value.indexOf('\0') >= 0) {
      throw refused(
          Kind.INVALID,
          "config.bad-value",
          "The value of a variable can't contain a NUL character",
          name,
          "Take the NUL out.");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static PaasException refused(
      Kind kind, String code, String what, String value, String fix) {
    return Problem.of(kind, code, what, value, fix).asException();
  }

  /** Names only: values are secrets. */
  @Override
  public String toString() {
    return "ConfigChange[set=" + set.keySet() + ", unset=" + unset + "]";
  }
}
