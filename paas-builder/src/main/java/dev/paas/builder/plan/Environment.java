package dev.paas.builder.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environment variables in the order in which they were first set, as {@code NAME=value}. */
public final class Environment {

  private final Map<String, String> variables = new LinkedHashMap<>();

  /** From an image's config; an entry without {@code =} is an empty variable. */
  public static Environment of(List<String> entries) {
    Environment environment = new Environment();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        environment.set(entry, "");
      } else {
        environment.set(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return environment;
  }

  public Environment copy() {
    Environment copy = new Environment();
    copy.variables.putAll(variables);
    return copy;
  }

  public Environment set(String name, String value) {
    variables.put(name, value);
    return this;
  }

  public Environment setAll(Map<String, String> more) {
    variables.putAll(more);
    return this;
  }

  public Environment setIfAbsent(String name, String value) {
    variables.putIfAbsent(name, value);
    return this;
  }

  public @Nullable String get(String name) {
    return variables.get(name);
  }

  public List<String> entries() {
    return variables.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
