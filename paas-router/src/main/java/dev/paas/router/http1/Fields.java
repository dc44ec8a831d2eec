package dev.paas.router.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head or of trailers, in the order they came. Names compare without case and keep
 * the case they were written in. Not for use by several threads.
 */
public final class Fields {

  /** Names at even places, their values after them. */
  private final List<String> pairs = new ArrayList<>(32);

  public Fields add(String name, String value) {
    pairs.add(name);
    pairs.add(value);
    return this;
  }

  /** The number of fields, repeated names counted each time. */
  public int size() {
    return pairs.size() / 2;
  }

  /** The bytes that they take in a message, with the empty line after them. */
  int written() {
    int bytes = 2;
    for (int i = 0; i < pairs.size(); i += 2) {
      bytes += pairs.get(i).length() + pairs.get(i + 1).length() + 4;
    }
    return bytes;
  }

  /** The value of the first field of that name. */
  public @Nullable String first(String name) {
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).equalsIgnoreCase(name)) {
        return pairs.get(i + 1);
      }
    }
    return null;
  }

  public boolean has(String name) {
    return first(name) != null;
  }

  /** The values of all fields of that name. */
  public List<String> all(String name) {
    List<String> values = List.of();
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).equalsIgnoreCase(name)) {
        if (values.isEmpty()) {
          values = new ArrayList<>(1);
        }
        values.add(pairs.get(i + 1));
      }
    }
    return values;
  }

  /** The comma-separated members of all fields of that name, without surrounding blanks. */
  public List<String> members(String name) {
    List<String> values = all(name);
    if (values.isEmpty()) {
      return values;
    }
    String first = values.get(0);
    if (values.size() == 1 && first.indexOf(',') < 0) {
      // The Connection of nearly every message: there is nothing to take apart.
      return first.isBlank() ? List.of() : List.of(first.strip());
    }
    List<String> members = new ArrayList<>(2);
    for (String value : values) {
      for (String member : value.split(",", -1)) {
        if (!member.isBlank()) {
          members.add(member.strip());
        }
      }
    }
    return members;
  }

  public void forEach(BiConsumer<String, String> each) {
    for (int i = 0; i < pairs.size(); i += 2) {
      each.accept(pairs.get(i), pairs.get(i + 1));
    }
  }

  @Override
  public String toString() {
    return pairs.toString();
  }
}
