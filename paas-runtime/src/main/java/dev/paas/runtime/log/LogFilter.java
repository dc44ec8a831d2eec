package dev.paas.runtime.log;

import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import java.util.Locale;
import java.util.function.Predicate;

/** Which of the lines of the logs that a reader asked for are wanted. */
final class LogFilter {

  private LogFilter() {}

  static Predicate<LogLine> of(ReadLogsRequest request) {
    long since = request.getSinceNanos();
    String text = folded(request.getContains());
    return line ->
        line.getAtNanos() >= since && (text.isEmpty() || folded(line.getText()).contains(text));
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
