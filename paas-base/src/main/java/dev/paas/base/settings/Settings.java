package dev.paas.base.settings;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * Reads a TOML file over a record of defaults: each record component is a key (kebab-case), a
 * component that is a record is a table. A key that no component has stops the start and names the
 * nearest one.
 */
public final class Settings {

  private Settings() {}

  /** The settings of a file over {@code defaults}. */
  public static <R extends Record> R load(Path file, R defaults) {
    TomlParseResult toml;
    try {
      toml = Toml.parse(file);
    } catch (IOException unreadable) {
      throw Problem.of(
              Kind.INVALID,
              "settings.unreadable",
              "The settings file can't be read",
              file.toString(),
              "Create it or name another one with PAAS_CONFIG.")
          .asException(unreadable);
    }
    return bind(file.toString(), toml, defaults);
  }

  /** The settings of a text over {@code defaults}; {@code origin} is what problems call it. */
  public static <R extends Record> R parse(String origin, String text, R defaults) {
    return bind(origin, Toml.parse(text), defaults);
  }

  /** Every key with its value as text, in order, e.g. {@code router.http → 0.0.0.0:80}. */
  public static SortedMap<String, String> list(Record settings) {
    TreeMap<String, String> all = new TreeMap<>();
    list("", settings, all);
    return all;
  }

  private static <R extends Record> R bind(String origin, TomlParseResult toml, R defaults) {
    if (toml.hasErrors()) {
      throw Problem.of(
              Kind.INVALID,
              "settings.syntax",
              "The settings file is not TOML: " + toml.errors().get(0).toString(),
              origin,
              "Mend the line that is named.")
          .asException();
    }
    return bindTable(origin, "", toml, defaults);
  }

  @SuppressWarnings("unchecked")
  private static <R extends Record> R bindTable(
      String origin, String prefix, TomlTable table, R defaults) {
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    List<String> known = Arrays.stream(components).map(c -> kebab(c.getName())).toList();
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        String nearest =
            Nearest.to(key, known).map(n -> "Did you mean " + prefix + n + "?").orElse("");
        throw Problem.of(
                Kind.INVALID,
                "settings.unknown-key",
                "There is no such setting in " + origin,
                prefix + key,
                (nearest + " Known here: " + String.join(", ", known) + ".").trim())
            .asException();
      }
    }
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = known.get(i);
      Object byDefault = read(components[i], defaults);
      Object given = table.get(List.of(key));
      values[i] = given == null ? byDefault : convert(origin, prefix + key, given, byDefault);
    }
    return (R) construct(defaults.getClass(), components, values);
  }

  private static Object convert(String origin, String key, Object given, Object byDefault) {
    if (byDefault instanceof Record nested
        && given instanceof TomlTable table
        && !(nested instanceof DataSize)) {
      return bindTable(origin, key + ".", table, nested);
    }
    try {
      Object value = scalar(given, byDefault);
      if (value != null) {
        return value;
      }
    } catch (DateTimeParseException | PaasException malformed) {
      throw bad(key, given, byDefault).asException(malformed);
    }
    throw bad(key, given, byDefault).asException();
  }

  private static @Nullable Object scalar(Object given, Object byDefault) {
    if (given instanceof String text) {
      if (byDefault instanceof String) {
        return text;
      } else if (byDefault instanceof Path) {
        return Path.of(text);
      } else if (byDefault instanceof DataSize) {
        return DataSize.parse(text);
      } else if (byDefault instanceof Duration) {
        Duration duration = duration(text);
        return duration.isNegative() ? null : duration;
      }
    }
    // Numbers are limits: none of them can be nothing, or less.
    if (given instanceof Long number && number >= 1) {
      if (byDefault instanceof Integer && number <= Integer.MAX_VALUE) {
        return number.intValue();
      } else if (byDefault instanceof Long) {
        return number;
      }
    }
    if (given instanceof Boolean && byDefault instanceof Boolean) {
      return given;
    }
    return given instanceof TomlArray array && byDefault instanceof List ? strings(array) : null;
  }

  private static @Nullable List<String> strings(TomlArray array) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (!(array.get(i) instanceof String text)) {
        return null;
      }
      all.add(text);
    }
    return List.copyOf(all);
  }

  /** A duration as people write it: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
  private static Duration duration(String text) {
    if (text.endsWith("ms")) {
      return Duration.ofMillis(DataSize.parse(text.substring(0, text.length() - 2)).bytes());
    }
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  private static Problem bad(String key, Object given, Object byDefault) {
    String example = byDefault instanceof Duration ? "30s" : String.valueOf(byDefault);
    return Problem.of(
        Kind.INVALID,
        "settings.bad-value",
        "The setting " + key + " can't have this value",
        String.valueOf(given),
        "Write it like its default: " + example + ".");
  }

  private static void list(String prefix, Record settings, Map<String, String> into) {
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      Object value = read(component, settings);
      String key = prefix + kebab(component.getName());
      if (value instanceof Record nested && !(nested instanceof DataSize)) {
        list(key + ".", nested, into);
      } else {
        into.put(key, String.valueOf(value));
      }
    }
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return Objects.requireNonNull(component.getAccessor().invoke(record));
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("settings records must be public", impossible);
    }
  }

  private static Object construct(Class<?> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (java.lang.reflect.InvocationTargetException refused) {
      if (refused.getCause() instanceof PaasException problem) {
        throw problem;
      }
      throw new IllegalStateException("settings record " + type.getSimpleName(), refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("settings records must be public", impossible);
    }
  }

  private static String kebab(String component) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if (Character.isUpperCase(c)) {
        out.append('-').append(Character.toLowerCase(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
