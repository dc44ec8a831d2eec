package dev.paas.builder.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables in the order in which they were first set, as {@code NAME=value}. A copy
 * shares its variables with the original until one of them changes.
 */
public final class Environment {

  private Map<String, String> variables;
  private boolean shared;
  private long bytes;
  private @Nullable List<String> entries;

  public Environment() {
    this(new LinkedHashMap<>(), false, 0);
  }

  private Environment(Map<String, String> variables, boolean shared, long bytes) {
    this.variables = variables;
    this.shared = shared;
    this.bytes = bytes;
  }

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
    shared = true;
    return new Environment(variables, true, bytes);
  }

  public Environment set(String name, String value) {
    String old = variables.get(name);
    if (value.equals(old)) {
      return this;
    }
    if (shared) {
      variables = new LinkedHashMap<>(variables);
      shared = false;
    }
    variables.put(name, value);
    bytes +=
        old == null ? utf8Length(name) + utf8Length(value) : utf8Length(value) - utf8Length(old);
    entries = null;
    return this;
  }

  public Environment setAll(Map<String, String> more) {
    more.forEach(this::set);
    return this;
  }

  public Environment setIfAbsent(String name, String value) {
    return variables.containsKey(name) ? this : set(name, value);
  }

  public @Nullable String get(String name) {
    return variables.get(name);
  }

  public int size() {
    return variables.size();
  }

  /** Of names and values together, as UTF-8. */
  public long bytes() {
    return bytes;
  }

  public List<String> names() {
    return List.copyOf(variables.keySet());
  }

  public Map<String, String> all() {
    return Map.copyOf(variables);
  }

  /** The same list until a variable changes, however often it is asked for. */
  public List<String> entries() {
    List<String> known = entries;
    if (known == null) {
      known = variables.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
      entries = known;
    }
    return known;
  }

  /** How many bytes a text takes; counted without making them. */
  public static long utf8Length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
