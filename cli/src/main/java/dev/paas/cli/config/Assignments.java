package dev.paas.cli.config;

import dev.paas.cli.command.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code NAME=VALUE} words; a single {@code NAME} takes its value from standard input. */
final class Assignments {

  private static final int MAX_VALUE = 1 << 20;

  private Assignments() {}

  static Map<String, ?> body(List<String> words, InputStream in) throws IOException {
    Map<String, String> set = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        set.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (equals < 0 && words.size() == 1) {
        set.put(word, value(in));
      } else {
        throw new UsageException(
            "This sets nothing: " + word,
            "Write NAME=VALUE, or one NAME alone to give the value on standard input.");
      }
    }
    return Map.of("set", set);
  }

  private static String value(InputStream in) throws IOException {
    String text = new String(in.readNBytes(MAX_VALUE), StandardCharsets.UTF_8);
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
