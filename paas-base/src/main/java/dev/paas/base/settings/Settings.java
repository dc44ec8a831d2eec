package dev.paas.base.settings;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Binds TOML to a record: each component is a key (kebab-case), a component that is a record is a
 * table. What the file leaves out has the value of the defaults, which are TOML, too. A key that no
 * component has stops the start and names the nearest one.
 */
public final class Settings {

  private final String origin;

  private Settings(String origin) {
    this.origin = origin;
  }

  /** The text of a settings file. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw Problem.of(
              Kind.INVALID,
              "settings.unreadable",
              "The settings file can't be read",
              file.toString(),
              "Create it or name another one with PAAS_CONFIG.")
          .asException(unreadable);
    }
  }

  /**
   * @param origin what problems call the text
   * @param defaults every key of the type
   */
  static <R extends Record> R bind(
      Class<R> type, String origin, String text, Map<String, Object> defaults) {
    return new Settings(origin).table(type, "", Toml.parse(origin, text), defaults);
  }

  /** Every key with its value as text, in order, e.g. {@code router.http → 0.0.0.0:80}. */
  public static SortedMap<String, String> list(Record settings) {
    TreeMap<String, String> all = new TreeMap<>();
    list("", settings, all);
    return all;
  }

  private static void list(String prefix, Record settings, Map<String, String> into) {
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      String key = prefix + kebab(component.getName());
      Object value = read(component, settings);
      if (value instanceof Record nested && !Scalar.is(component.getType())) {
        list(key + ".", nested, into);
      } else {
        into.put(key, String.valueOf(value));
      }
    }
  }

  private <R extends Record> R table(
      Class<R> type, String prefix, Map<String, Object> given, Map<String, Object> defaults) {
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(prefix, given, components);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = kebab(components[i].getName());
      Object byDefault =
          Objects.requireNonNull(defaults.get(key), () -> "no default of " + prefix + key);
      values[i] = value(components[i], prefix + key, given.get(key), byDefault);
    }
    return construct(type, components, values);
  }

  private void refuseUnknown(
      String prefix, Map<String, Object> given, RecordComponent[] components) {
    List<String> known = Arrays.stream(components).map(c -> kebab(c.getName())).toList();
    for (String key : given.keySet()) {
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
  }

  private Object value(
      RecordComponent component, String key, @Nullable Object given, Object byDefault) {
    if (Scalar.is(component.getType())) {
      return Scalar.of(component, key, given == null ? byDefault : given, byDefault);
    }
    Object table = given == null ? Map.of() : given;
    if (!(table instanceof Map<?, ?>)) {
      throw Problem.of(
              Kind.INVALID,
              "settings.bad-value",
              "The setting " + key + " can't have this value",
              String.valueOf(given),
              "It is a table: write [" + key + "] and its settings below.")
          .asException();
    }
    return table(
        component.getType().asSubclass(Record.class),
        key + ".",
        asTable(table),
        asTable(byDefault));
  }

  @SuppressWarnings("unchecked") // Toml makes no other maps
  private static Map<String, Object> asTable(Object table) {
    return (Map<String, Object>) table;
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return Objects.requireNonNull(component.getAccessor().invoke(record));
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("settings records must be public", impossible);
    }
  }

  private static <R> R construct(Class<R> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException refused) {
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
