package dev.paas.cli.run;

import dev.paas.cli.command.Session;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.image.Steps;
import dev.paas.cli.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** Whether the command reads the input that is here; without {@code -i} it has none. */
  boolean hasInput() {
    return input;
  }

  /**
   * Pulls the image if need be; a first message for a terminal of no app, without its variables and
   * its screen.
   */
  Map<String, Object> request(Session session, List<String> command) throws ApiProblem {
    image.put("digest", pulled(session).text("digest"));
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("image", image);
    request.put("command", command);
    request.put("stdin", input);
    return request;
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
}
