package dev.paas.builder.dockerfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one {@code --mount}: {@code key=value} or a key alone, with commas between them; a
 * field in double quotes may have commas (RFC 4180).
 */
final class MountOptions {

  private static final Map<String, String> SYNONYMS =
      Map.of(
          "src", "source",
          "dst", "target",
          "destination", "target",
          "ro", "readonly",
          "rw", "readwrite");

  private static final List<String> KNOWN =
      List.of(
          "type",
          "target",
          "source",
          "from",
          "readonly",
          "readwrite",
          "id",
          "sharing",
          "mode",
          "uid",
          "gid",
          "size",
          "required",
          "env");

  private final Text flag;
  private final Map<String, String> fields = new HashMap<>();

  private MountOptions(Text flag) {
    this.flag = flag;
  }

  /**
   * Reads them; each value but that of {@code from} has its variables replaced.
   *
   * @param flag what follows {@code --mount=}
   */
  static MountOptions of(Text flag, Expansion.Scope scope) {
    MountOptions options = new MountOptions(flag);
    for (String field : split(flag.toString())) {
      options.add(field, scope);
    }
    return options;
  }

  /** The stage or image that a flag mounts from, as it is written, if it is a mount with one. */
  static Optional<String> from(Text flag) {
    if (!flag.startsWith("--mount=")) {
      return Optional.empty();
    }
    return split(flag.from("--mount=".length()).toString()).stream()
        .filter(field -> field.regionMatches(true, 0, "from=", 0, 5))
        .map(field -> field.substring(5))
        .findFirst();
  }

  private static List<String> split(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private void add(String field, Expansion.Scope scope) {
    int equals = field.indexOf('=');
    String written = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
    String key = SYNONYMS.getOrDefault(written, written);
    if (!KNOWN.contains(key)) {
      throw bad(
          "A mount has no option " + Problem.printable(written),
          Nearest.to(key, KNOWN)
              .map(near -> "Did you mean " + near + "?")
              .orElse("Use " + String.join(", ", KNOWN) + "."));
    }
    String value = equals < 0 ? "" : field.substring(equals + 1);
    boolean literal = key.equals("from") || value.indexOf('$') < 0;
    if (fields.put(key, literal ? value : Expansion.of(flag.meaning(value), scope)) != null) {
      throw bad("A mount has the option " + key + " twice", "Keep one of them.");
    }
  }

  /** {@code bind} when nothing is said. */
  String type() {
    return get("type").orElse("bind").toLowerCase(Locale.ROOT);
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(fields.get(key)).filter(value -> !value.isEmpty());
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** A key alone is true. */
  boolean is(String key) {
    @Nullable String value = fields.get(key);
    return value != null
        && switch (value.toLowerCase(Locale.ROOT)) {
          case "", "true", "1" -> true;
          case "false", "0" -> false;
          default -> throw bad(key + " is true or false", "Write " + key + "=true.");
        };
  }

  /** Refuses every option but these. */
  void allow(String... keys) {
    for (String key : fields.keySet()) {
      if (!key.equals("type") && !List.of(keys).contains(key)) {
        throw bad(
            "A mount of type " + Problem.printable(type()) + " has no option " + key,
            "Remove it; it has " + String.join(", ", keys) + ".");
      }
    }
  }

  /** A number that is not negative. */
  Optional<Integer> number(String key, int radix) {
    Optional<String> text = get(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      int number = Integer.parseInt(text.get(), radix);
      if (number >= 0) {
        return Optional.of(number);
      }
    } catch (NumberFormatException notNumber) {
      // said below
    }
    throw bad(key + " of a mount is not a number", "Write e.g. " + key + "=1000.");
  }

  PaasException bad(String what, String fix) {
    return flag.problem(Kind.INVALID, "dockerfile.bad-mount", what, fix);
  }

  Text flag() {
    return flag;
  }
}
