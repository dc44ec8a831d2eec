package dev.paas.builder.dockerfile.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exec form: a JSON array of strings. What is no JSON is the shell form, as in Docker; an array
 * with anything but strings is a mistake there and here.
 */
public final class StringArray {

  private static final JsonFactory JSON = new JsonFactory();

  private StringArray() {}

  public static Optional<List<String>> of(Text arguments, Bounds bounds) {
    if (!arguments.startsWith("[")) {
      return Optional.empty();
    }
    try (JsonParser json = JSON.createParser(arguments.toString())) {
      return strings(json, arguments, bounds);
    } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
      return Optional.empty();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Optional<List<String>> strings(JsonParser json, Text arguments, Bounds bounds)
      throws IOException {
    List<String> strings = new ArrayList<>();
    boolean onlyStrings = true;
    json.nextToken();
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      if (token == null) {
        return Optional.empty();
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
      if (depth == 1 && token == JsonToken.VALUE_STRING) {
        strings.add(json.getText());
        bounds.words(strings.size(), arguments);
      } else {
        onlyStrings &= depth == 0;
      }
    }
    if (json.nextToken() != null) {
      return Optional.empty();
    }
    if (!onlyStrings) {
      throw arguments.problem(
          Kind.INVALID,
          "dockerfile.bad-array",
          "An array here takes strings only",
          "Put each word in double quotes: [\"node\", \"server.js\", \"80\"].");
    }
    return Optional.of(strings.stream().map(string -> acceptable(string, arguments)).toList());
  }

  /** JSON can write what no argument can hold, and halves of characters. */
  private static String acceptable(String string, Text arguments) {
    if (string.indexOf('\0') >= 0) {
      throw arguments.problem(
          Kind.INVALID,
          "dockerfile.nul",
          "A string of this array has a NUL character",
          "Remove \\u0000; neither an argument nor a file name can hold it.");
    }
    // Two halves that make a pair are one code point.
    int[] points = string.codePoints().map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c).toArray();
    return new String(points, 0, points.length);
  }

  /** True for what was probably meant as the exec form, e.g. {@code ['node', 'a.js']}. */
  public static boolean isMisspelt(Text arguments, @Nullable List<String> array) {
    return array == null
        && arguments.startsWith("[")
        && arguments.charAt(arguments.length() - 1) == ']'
        && (arguments.indexOf(',') >= 0
            || arguments.indexOf('\'') >= 0
            || arguments.indexOf('"') >= 0);
  }
}
