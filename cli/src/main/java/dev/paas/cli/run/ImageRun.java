package dev.paas.cli.run;

import dev.paas.cli.command.Session;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.image.Steps;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import dev.paas.cli.terminal.Tty;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code paas run --image}: an image of no app, with the options of {@code docker run}. */
final class ImageRun {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([bkmgBKMG]?)");
  private static final Pattern CORES = Pattern.compile("(?=.*[0-9])[0-9]{0,4}(?:\\.[0-9]{1,3})?");

  private final Map<String, Object> image = new LinkedHashMap<>();
  private String ref = "";
  private boolean input;

  void declare(Syntax syntax) {
    syntax
        .option("--image", "REF", "An image instead of an app; pulled if missing.", r -> ref = r)
        .flag("-i, --interactive", "Send an image's run this command's input.", () -> input = true)
        .option("-u, --user", "NAME", "NAME or ID, also with :GROUP.", n -> image.put("user", n))
        .option("-w, --workdir", "FOLDER", "Where it begins.", f -> image.put("workdir", f))
        .option(
            "--entrypoint",
            "PROGRAM",
            "Instead of the image's, whose command is left out then.",
            p -> image.put("entrypoint", p.isEmpty() ? List.of() : List.of(p)))
        .option(
            "-m, --memory", "SIZE", "At most, e.g. 256m.", m -> image.put("memoryBytes", bytes(m)))
        .option("--cpus", "CORES", "At most, e.g. 0.5.", c -> image.put("cpuMillis", millis(c)))
        .flag("--rm", "Nothing is left of such a run in any case.", () -> {});
  }

  /** Whether this is what was asked for; options that need it are refused without it. */
  boolean isAsked() {
    if (ref.isEmpty() && (input || !image.isEmpty())) {
      throw new UsageException(
          "Such an option needs an image", "Name it: paas run --image IMAGE -- COMMAND.");
    }
    return !ref.isEmpty();
  }

  /** An amount of memory, in bytes: a whole number and perhaps b, k, m or g. */
  static long bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new UsageException("This is not an amount of memory: " + text, "Write 256m or 1g.");
    }
    int power = Math.max("bkmg".indexOf(size.group(2).toLowerCase(Locale.ROOT)), 0);
    try {
      return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * power));
    } catch (ArithmeticException tooMuch) {
      throw new UsageException("This is too much memory: " + text, "Write 256m or 1g.");
    }
  }

  /** Cores, in thousandths. */
  static int millis(String text) {
    int millis =
        CORES.matcher(text).matches() ? new BigDecimal(text).movePointRight(3).intValue() : 0;
    if (millis == 0) {
      throw new UsageException("This is not a number of cores: " + text, "Write 0.5 or 2.");
    }
    return millis;
  }

  /**
   * Pulls the image if need be, and runs it. With neither {@code -i} nor {@code -t} it has no input
   * and no terminal.
   *
   * @return the command's exit code, or 125 when the platform has none
   */
  int run(Session session, List<String> command, TerminalOptions options)
      throws ApiProblem, IOException {
    Json pulled;
    try {
      pulled = pulled(session);
    } catch (ApiProblem refused) {
      tell(session.terminal(), refused);
      return TerminalClient.NOT_RUN;
    }
    image.put("digest", pulled.text("digest"));
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("image", image);
    request.put("command", command);
    request.put("tty", options.asksForTerminal());
    request.put("stdin", input);
    request.put("env", options.asksForTerminal() ? options.envOfTerminal(session) : options.env());
    Optional<Tty> tty =
        input && options.asksForTerminal() ? options.terminal(session) : Optional.empty();
    CommandStreams streams = CommandStreams.of(session.terminal());
    return new TerminalClient(session, "/v1/terminals", true)
        .run(request, tty, input ? streams : streams.withoutInput());
  }

  private Json pulled(Session session) throws ApiProblem {
    Json[] image = {new Json(null)};
    session.api().stream(
        "/v1/images/runs",
        Map.of("ref", ref),
        answer -> image[0] = Steps.follow(answer, session.terminal(), "image"));
    if (image[0].isNull()) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER, "cli.cut-off", "The pull ended without an image", "Try again.");
    }
    return image[0];
  }

  private static void tell(Terminal terminal, ApiProblem refused) {
    terminal.err().println("error: " + terminal.safe(refused.what()));
    terminal.err().println("fix: " + terminal.safe(refused.fix()));
    terminal.err().flush();
  }
}
