package dev.paas.builder.dockerfile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of ARGs from outside the stages: those before the first FROM, and what Docker predefines
 * for the platform. A stage sees one after it has declared it.
 */
final class BuildArguments {

  /** What images are built for: this host. */
  static final String PLATFORM = "linux/" + architecture();

  private final Map<String, @Nullable String> values = new LinkedHashMap<>();
  private long bytes;

  BuildArguments() {
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

  private static String architecture() {
    String name = System.getProperty("os.arch", "amd64").toLowerCase(Locale.ROOT);
    return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
  }
}
