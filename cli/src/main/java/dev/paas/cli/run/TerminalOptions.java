package dev.paas.cli.run;

import dev.paas.cli.command.Session;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.terminal.Tty;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of commands that may have a terminal, and what they come to. */
final class TerminalOptions {

  private final Map<String, String> env = new LinkedHashMap<>();
  private final Set<String> inherited = new LinkedHashSet<>();
  private @Nullable Boolean asked;

  void declare(Syntax syntax) {
    syntax
        .option(
            "-e, --env",
            "NAME[=VALUE]",
            "A variable for this command; NAME alone: as it is here.",
            this::variable)
        .flag("-t, --tty", "With a terminal, also where there is none here.", () -> asked = true)
        .flag("-T, --no-tty", "Without one: output and errors apart.", () -> asked = false);
  }

  private void variable(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals == 0 || assignment.isEmpty()) {
      throw new UsageException("This is not a variable: " + assignment, "Write NAME=VALUE.");
    }
    if (equals > 0) {
      env.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    } else {
      env.remove(assignment);
      inherited.add(assignment);
    }
  }

  /**
   * The variables that were asked for. One whose value is to be that of this process's environment
   * and that is not set there is left out, as by docker.
   */
  Map<String, String> env(Session session) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String name : inherited) {
      if (!session.local()) {
        throw new UsageException(
            "Over ssh your variables are not known: " + name, "Write " + name + "=VALUE.");
      }
      String value = System.getenv(name);
      if (value != null) {
        all.put(name, value);
      }
    }
    all.putAll(env);
    return all;
  }

  /** Whether the command gets a terminal: when somebody sits at one, unless they say otherwise. */
  boolean wantsTerminal(Session session) {
    return asked == null ? session.tty().isPresent() : asked;
  }

  /** Whether somebody asked for a terminal in so many words. */
  boolean asksForTerminal() {
    return Boolean.TRUE.equals(asked);
  }

  /** The terminal here that is the command's, if it gets one. */
  Optional<Tty> terminal(Session session) {
    return wantsTerminal(session) ? session.tty() : Optional.empty();
  }

  /** The variables, and the kind of terminal unless they say it. */
  Map<String, String> envOfTerminal(Session session) {
    Map<String, String> all = env(session);
    String type = session.tty().map(Tty::type).orElse("");
    if (wantsTerminal(session)) {
      all.putIfAbsent("TERM", type.isEmpty() ? "xterm" : type);
    }
    return all;
  }
}
