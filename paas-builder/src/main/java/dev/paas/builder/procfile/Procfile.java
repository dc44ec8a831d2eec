package dev.paas.builder.procfile;

import dev.paas.base.name.Nearest;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a Procfile: one {@code type: command} a line. Lines that begin with {@code #} or {@code //}
 * are comments; so is the rest of a line after a blank and {@code #}, outside quotes.
 */
public final class Procfile {

  private static final List<String> USUAL =
      List.of("web", "worker", "release", "clock", "scheduler", "cron");

  /** Linux takes no longer string as an argument (MAX_ARG_STRLEN, with its NUL). */
  private static final int MAX_COMMAND = (128 << 10) - 1;

  private Procfile() {}

  /**
   * The process types in the text of a Procfile.
   *
   * @param maxProcesses the setting {@code planning.max-processes}
   * @throws PaasException {@code procfile.…}, naming the line
   */
  public static ProcessTable parse(String text, int maxProcesses) {
    SortedMap<ProcessType, Command> commands = new TreeMap<>();
    int number = 0;
    for (String raw : text.split("\r?\n|\r", -1)) {
      number++;
      String line = withoutComment(raw.startsWith("\uFEFF") ? raw.substring(1) : raw).strip();
      if (!line.isEmpty() && !line.startsWith("//")) {
        add(commands, line, new Place(number, raw));
        if (commands.size() > maxProcesses) {
          throw problem(
              Kind.INVALID,
              "procfile.too-many",
              number,
              "is one more than the " + maxProcesses + " process types of a Procfile",
              raw,
              "Remove some, or raise the setting planning.max-processes.");
        }
      }
    }
    return new ProcessTable(commands);
  }

  /** A line as it was written. */
  private record Place(int number, String raw) {}

  private static void add(SortedMap<ProcessType, Command> commands, String line, Place place) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw problem(
          Kind.INVALID,
          "procfile.no-colon",
          place.number(),
          "has no colon",
          place.raw(),
          "Write a process type, a colon and a command, e.g. web: node server.js.");
    }
    if (line.indexOf('\0') >= 0) {
      throw problem(
          Kind.INVALID,
          "procfile.nul",
          place.number(),
          "has a NUL character",
          place.raw(),
          "Remove it; no command can hold it.");
    }
    ProcessType type = type(line.substring(0, colon).strip(), place.number());
    Command command = command(line.substring(colon + 1).strip(), type, place);
    if (commands.putIfAbsent(type, command) != null) {
      throw problem(
          Kind.INVALID,
          "procfile.duplicate",
          place.number(),
          "names " + type + " a second time",
          place.raw(),
          "Keep one line for each process type.");
    }
  }

  private static Command command(String command, ProcessType type, Place place) {
    if (command.isEmpty()) {
      throw problem(
          Kind.INVALID,
          "procfile.no-command",
          place.number(),
          "has no command for " + type,
          place.raw(),
          "Write the command after the colon, or remove the line.");
    }
    if (command.getBytes(StandardCharsets.UTF_8).length > MAX_COMMAND) {
      throw problem(
          Kind.INVALID,
          "procfile.too-long",
          place.number(),
          "has a command longer than " + MAX_COMMAND + " bytes",
          place.raw(),
          "Put the commands into a script; Linux takes no longer argument.");
    }
    return Command.shell(command);
  }

  private static ProcessType type(String name, int line) {
    try {
      return new ProcessType(name);
    } catch (PaasException e) {
      String fix =
          Nearest.to(name.toLowerCase(Locale.ROOT), USUAL)
              .map(near -> "Did you mean " + near + "? " + e.problem().fix())
              .orElse(e.problem().fix());
      throw problem(
          Kind.INVALID, "procfile.bad-type", line, "does not begin with a process type", name, fix);
    }
  }

  private static String withoutComment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#' && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  private static PaasException problem(
      Kind kind, String code, int line, String what, String value, String fix) {
    return Problem.of(kind, code, "Procfile:" + line + " " + what, value, fix).asException();
  }
}
