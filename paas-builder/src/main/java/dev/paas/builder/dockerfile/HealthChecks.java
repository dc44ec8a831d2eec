package dev.paas.builder.dockerfile;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Instruction;
import dev.paas.builder.dockerfile.text.StringArray;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.contract.runtime.HealthCheck;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HEALTHCHECK: {@code NONE}, or flags and {@code CMD} with a command. */
final class HealthChecks {

  /** A duration as Go writes it: numbers with units, one after the other. */
  private static final Pattern PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?)([a-zµ]{1,2})");

  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  /** Docker refuses less than a millisecond. */
  private static final long LEAST = 1_000_000;

  /** A year: nothing that somebody means. */
  private static final long MOST = 365L * 24 * 3_600_000_000_000L;

  private final Bounds bounds;

  HealthChecks(Bounds bounds) {
    this.bounds = bounds;
  }

  HealthCheck of(Instruction instruction) {
    List<Text> words = instruction.required("CMD curl -f http://localhost:8080/").firstWord();
    String kind = words.get(0).toString().toUpperCase(Locale.ROOT);
    HealthCheck.Builder check = HealthCheck.newBuilder();
    if (kind.equals("NONE") && words.get(1).isEmpty()) {
      return check.addTest("NONE").build(); // whatever its flags say: nothing is run
    }
    instruction.flags().forEach(flag -> option(check, instruction, flag));
    if (!kind.equals("CMD")) {
      throw words
          .get(0)
          .problem(
              Kind.INVALID,
              "dockerfile.bad-health-check",
              "HEALTHCHECK takes NONE alone, or CMD and a command",
              "Write e.g. HEALTHCHECK CMD curl -f http://localhost:8080/.");
    }
    Text command = words.get(1);
    if (command.isEmpty()) {
      throw noCommand(words.get(0));
    }
    Optional<List<String>> array = StringArray.of(command, bounds);
    if (array.isEmpty()) {
      bounds.string(command.toString(), command);
      return check.addTest("CMD-SHELL").addTest(command.toString()).build();
    }
    if (array.get().isEmpty()) {
      throw noCommand(words.get(0));
    }
    array.get().forEach(word -> bounds.string(word, command));
    return check.addTest("CMD").addAllTest(array.get()).build();
  }

  private static PaasException noCommand(Text at) {
    return at.problem(
        Kind.INVALID,
        "dockerfile.no-arguments",
        "CMD of HEALTHCHECK needs a command",
        "Write e.g. HEALTHCHECK CMD curl -f http://localhost:8080/.");
  }

  private void option(HealthCheck.Builder check, Instruction instruction, Text flag) {
    String written = flag.toString();
    int equals = written.indexOf('=');
    String name = equals < 0 ? written : written.substring(0, equals);
    Text value = flag.from(equals < 0 ? flag.length() : equals + 1);
    switch (name) {
      case "--interval" -> check.setIntervalNanos(nanos(value));
      case "--timeout" -> check.setTimeoutNanos(nanos(value));
      case "--start-period" -> check.setStartPeriodNanos(nanos(value));
      case "--start-interval" -> check.setStartIntervalNanos(nanos(value));
      case "--retries" -> check.setRetries(retries(value));
      default -> throw instruction.unsupported(flag);
    }
  }

  private static int retries(Text value) {
    if (!value.toString().matches("\\d{1,6}")) {
      throw value.problem(
          Kind.INVALID, "dockerfile.bad-number", "This is not a number", "Write e.g. --retries=3.");
    }
    return Integer.parseInt(value.toString());
  }

  private static long nanos(Text value) {
    String text = value.toString();
    if (text.equals("0")) {
      return 0;
    }
    Matcher part = PART.matcher(text);
    BigDecimal total = BigDecimal.ZERO;
    int at = 0;
    while (at < text.length()) {
      if (!part.find(at) || part.start() != at || !NANOS.containsKey(part.group(2))) {
        throw badDuration(value);
      }
      total =
          total.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(NANOS.get(part.group(2)))));
      at = part.end();
    }
    BigDecimal whole = total.setScale(0, RoundingMode.DOWN);
    boolean zero = whole.signum() == 0;
    if (at == 0
        || whole.compareTo(BigDecimal.valueOf(MOST)) > 0
        || (!zero && whole.compareTo(BigDecimal.valueOf(LEAST)) < 0)) {
      throw badDuration(value);
    }
    return whole.longValueExact();
  }

  private static PaasException badDuration(Text value) {
    return value.problem(
        Kind.INVALID,
        "dockerfile.bad-duration",
        "This is not a duration of a millisecond or more",
        "Write e.g. 30s, 1m30s or 500ms.");
  }
}
