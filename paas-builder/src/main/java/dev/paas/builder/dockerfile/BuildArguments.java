package dev.paas.builder.dockerfile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Values of ARGs from outside the stages: those before the first FROM, what Docker predefines for
 * the platform, and what the app's owner gives. A stage sees one after it has declared it; what is
 * given counts more than what is written.
 */
final class BuildArguments {

  /** What images are built for: this host. */
  static final String PLATFORM = "linux/" + architecture();

  /** Variants that every host of the architecture is. */
  private static final Set<String> LEAST = Set.of("v1", "v8");

  private final Map<String, @Nullable String> values = new LinkedHashMap<>();
  private long bytes;

  private final Map<String, String> given;
  private final Set<String> unused;

  /**
   * @param given values that the app's owner has set for builds
   */
  BuildArguments(Map<String, String> given) {
    this.given = given;
    this.unused = new TreeSet<>(given.keySet());
    for (String side : new String[] {"TARGET", "BUILD"}) {
      values.put(side + "PLATFORM", PLATFORM);
      values.put(side + "OS", "linux");
      values.put(side + "ARCH", architecture());
      values.put(side + "VARIANT", "");
    }
    values.put("TARGETSTAGE", "default"); // Docker's name for the last one
  }

  void set(String name, @Nullable String value) {
    if (value != null || !values.containsKey(name)) {
      bytes += length(value) - length(values.put(name, value));
      bytes += name.length();
    }
  }

  /** What the app's owner gives for an ARG that is declared; null for nothing. */
  @Nullable String given(String name) {
    unused.remove(name);
    return given.get(name);
  }

  /** What is given and declared nowhere yet. */
  Set<String> unused() {
    return unused;
  }

  int size() {
    return values.size();
  }

  /** Of what was set, in characters; a name counts each time. */
  long bytes() {
    return bytes;
  }

  private static int length(@Nullable String value) {
    return value == null ? 0 : value.length();
  }

  /** Whether it is declared, with a value or without. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  List<String> names() {
    return List.copyOf(values.keySet());
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  /** Whether that is this host's: the system, the architecture by any of its names, or both. */
  static boolean isPlatform(String wanted) {
    String[] parts = wanted.toLowerCase(Locale.ROOT).split("/", -1);
    String architecture = parts.length == 1 ? parts[0] : parts[1];
    boolean system = parts.length == 1 || parts[0].equals("linux");
    boolean plain = parts.length < 3 || (parts.length == 3 && LEAST.contains(parts[2]));
    return wanted.equalsIgnoreCase("linux")
        || (system && plain && called(architecture).equals(architecture()));
  }

  private static String architecture() {
    return called(System.getProperty("os.arch", "amd64").toLowerCase(Locale.ROOT));
  }

  /** As Docker calls an architecture (containerd's platforms package). */
  private static String called(String name) {
    return switch (name) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }
}
