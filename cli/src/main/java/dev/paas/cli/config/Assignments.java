package dev.paas.cli.config;

import dev.paas.cli.command.UsageException;
import dev.paas.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code NAME=VALUE} words; a single {@code NAME} has a person asked for its value, and takes it
 * from standard input where there is no terminal.
 */
final class Assignments {

  private static final int MAX_VALUE = 1 << 20;

  private Assignments() {}

  /** Says which variables change: {@code Set A, B}. */
  static String names(List<String> words, String verb) {
    return words.stream()
        .map(word -> word.split("=", 2)[0])
        .distinct()
        .collect(Collectors.joining(", ", verb, ""));
  }

  /** The values that the words give. */
  static Map<String, String> values(List<String> words, Terminal terminal) throws IOException {
    Map<String, String> set = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        set.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (equals < 0 && words.size() == 1) {
        set.put(word, value(word, terminal));
      } else {
        throw new UsageException(
            "This sets nothing: " + word,
            "Write NAME=VALUE, or one NAME alone to give the value on standard input.");
      }
    }
    return set;
  }

  private static String value(String name, Terminal terminal) throws IOException {
    String text =
        terminal.interactive()
            ? terminal.askHidden("Value of " + name + " (not shown): ")
            : new String(terminal.in().readNBytes(MAX_VALUE), StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      // Far more often an accident of a script than a wish.
      throw new UsageException(
          "No value for " + name + " was given", "To set it to nothing, write " + name + "=.");
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
