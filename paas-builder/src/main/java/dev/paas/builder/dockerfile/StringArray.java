package dev.paas.builder.dockerfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The exec form: a JSON array of strings. Anything else is the shell form, as in Docker. */
final class StringArray {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StringArray() {}

  static Optional<List<String>> of(Text arguments) {
    if (!arguments.startsWith("[")) {
      return Optional.empty();
    }
    try {
      List<String> strings = new ArrayList<>();
      JsonNode array = JSON.readTree(arguments.toString());
      for (JsonNode element : array) {
        if (!element.isTextual()) {
          return Optional.empty();
        }
        strings.add(element.textValue());
      }
      return array.isArray() ? Optional.of(List.copyOf(strings)) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** True for what was probably meant as the exec form, e.g. {@code ['node', 'a.js']}. */
  static boolean isMisspelt(Text arguments) {
    return arguments.startsWith("[")
        && arguments.charAt(arguments.length() - 1) == ']'
        && (arguments.indexOf(',') >= 0
            || arguments.indexOf('\'') >= 0
            || arguments.indexOf('"') >= 0)
        && of(arguments).isEmpty();
  }
}
