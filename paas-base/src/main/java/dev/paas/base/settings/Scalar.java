package dev.paas.base.settings;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The value of one setting: its type, and the range that {@link AtLeast} and {@link AtMost} say.
 */
final class Scalar {

  /** From the value in the file, a text, a whole number, a truth value or a list; null is none. */
  private static final Map<Class<?>, Function<Object, @Nullable Object>> TYPES =
      Map.of(
          String.class, given -> given instanceof String ? given : null,
          boolean.class, given -> given instanceof Boolean ? given : null,
          int.class, given -> given instanceof Long n && n == n.intValue() ? n.intValue() : null,
          long.class, given -> given instanceof Long ? given : null,
          Path.class, given -> given instanceof String text ? Path.of(text) : null,
          DataSize.class, given -> given instanceof String text ? DataSize.parse(text) : null,
          Duration.class, given -> given instanceof String text ? duration(text) : null,
          ListenAddress.class,
              given -> given instanceof String text ? ListenAddress.parse(text) : null,
          ListenAddresses.class, Scalar::addresses,
          List.class, Scalar::texts);

  /** Limits, and none of them can be nothing, or less. */
  private static final Map<Class<?>, Object> LEAST =
      Map.of(
          int.class,
          1,
          long.class,
          1L,
          Duration.class,
          Duration.ofMillis(1),
          DataSize.class,
          new DataSize(1));

  /** A hundred years: durations are counted in nanoseconds, of which a long holds three hundred. */
  private static final Map<Class<?>, Object> MOST = Map.of(Duration.class, Duration.ofDays(36_500));

  private Scalar() {}

  /** Whether values of the type stand behind one key; else it is a record, and a table. */
  static boolean is(Class<?> type) {
    return TYPES.containsKey(type);
  }

  /**
   * @param byDefault an example for whoever wrote another value
   */
  static Object of(RecordComponent component, String key, Object given, Object byDefault) {
    Object value =
        converted(component.getType(), given)
            .orElseThrow(() -> bad(key, given, example(component, byDefault)).asException());
    if (value instanceof ListenAddresses addresses) {
      addresses
          .clash()
          .ifPresent(
              clash -> {
                throw bad(key, clash, "Leave one of the two out: both take the same port.")
                    .asException();
              });
    }
    AtLeast atLeast = component.getAnnotation(AtLeast.class);
    Object least =
        atLeast == null ? LEAST.get(component.getType()) : bound(component, atLeast.value());
    if (least != null && compare(value, least) < 0) {
      throw bad(key, given, "Write " + text(least) + " or more.").asException();
    }
    AtMost atMost = component.getAnnotation(AtMost.class);
    Object most = atMost == null ? MOST.get(component.getType()) : bound(component, atMost.value());
    if (most != null && compare(value, most) > 0) {
      throw bad(key, given, "Write " + text(most) + " or less.").asException();
    }
    return value;
  }

  private static String example(RecordComponent component, Object byDefault) {
    return component.getType() == ListenAddresses.class
        ? "Write an address like "
            + (byDefault instanceof List<?> ? "0.0.0.0:443" : byDefault)
            + ", or a list like [\"192.0.2.7:80\", \"[2001:db8::7]:80\"]."
        : "Write it like its default: " + byDefault + ".";
  }

  private static Optional<Object> converted(Class<?> type, Object given) {
    try {
      return Optional.ofNullable(Objects.requireNonNull(TYPES.get(type)).apply(given));
    } catch (DateTimeException
        | ArithmeticException
        | NumberFormatException
        | InvalidPathException
        | PaasException bad) {
      return Optional.empty();
    }
  }

  private static Object bound(RecordComponent component, String text) {
    boolean number = component.getType() == int.class || component.getType() == long.class;
    return converted(component.getType(), number ? Long.valueOf(text) : text).orElseThrow();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // both were made by the same conversion
  private static int compare(Object value, Object bound) {
    return ((Comparable) value).compareTo(bound);
  }

  /** As people write it, e.g. {@code 1m} or {@code 4MiB}. */
  static String text(Object value) {
    if (!(value instanceof Duration duration)) {
      return value.toString();
    }
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0 || seconds == 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }

  private static Problem bad(String key, Object given, String fix) {
    return Problem.of(
        Kind.INVALID,
        "settings.bad-value",
        "The setting " + key + " can't have this value",
        String.valueOf(given),
        fix);
  }

  private static @Nullable Object texts(Object given) {
    return given instanceof List<?> list && list.stream().allMatch(String.class::isInstance)
        ? List.copyOf(list)
        : null;
  }

  private static @Nullable Object addresses(Object given) {
    List<?> several = given instanceof List<?> list ? list : List.of(given);
    return !several.stream().allMatch(String.class::isInstance)
        ? null
        : new ListenAddresses(
            several.stream().map(String.class::cast).map(ListenAddress::parse).toList());
  }

  /** A duration as people write it: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
  private static Duration duration(String text) {
    if (text.endsWith("ms")) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    }
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
