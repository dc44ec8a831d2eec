package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code paas scale TYPE=N…}, {@code paas scale TYPE+N}. */
public final class ScaleCommand extends ChangeCommand {

  /** A number that a long holds; what is too large for an app is the server's to say. */
  private static final Pattern EXACT = Pattern.compile("([^=]+)=(-?\\d{1,18})");

  private static final Pattern RELATIVE = Pattern.compile("([^=]+)([+-]\\d{1,18})");

  private final List<String> wanted = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Set how many instances of a process type run; without any, show it.",
            "web=4 is how many there are to be, web+1 and web-1 are one more and one less.",
            "Instances that stay are not touched.")
        .words("TYPE=N", 0, "E.g. web=4 or web+1.", wanted::add)
        .example("paas scale web=4 worker=1", "paas scale web+1");
  }

  @Override
  public int run() throws ApiProblem {
    if (wanted.isEmpty()) {
      Json formation = api().get(path("/ps")).get("formation");
      if (!printed(formation)) {
        formation.members().forEach((type, n) -> out().println(type + "=" + n.text()));
      }
      return ExitCode.OK;
    }
    Map<String, Object> processes = new LinkedHashMap<>();
    Map<String, Object> changes = new LinkedHashMap<>();
    for (String word : wanted) {
      Matcher exact = EXACT.matcher(word);
      Matcher relative = RELATIVE.matcher(word);
      if (exact.matches()) {
        put(processes, changes, exact);
      } else if (relative.matches()) {
        put(changes, processes, relative);
      } else {
        throw new UsageException(
            "Not a scale: " + word, "Write TYPE=N or TYPE+N, e.g. web=4 or web+1.");
      }
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("processes", processes);
    if (!changes.isEmpty()) {
      body.put("changes", changes); // which older servers don't know
    }
    Json asked = api().post(path("/scale"), body);
    return follow(asked, "Scaled to " + total(asked) + ".");
  }

  private static void put(Map<String, Object> into, Map<String, Object> others, Matcher word) {
    String type = word.group(1);
    if (others.containsKey(type) || into.put(type, Long.parseLong(word.group(2))) != null) {
      throw new UsageException(type + " is named twice", "Name each process type once.");
    }
  }

  /** What the server made of it; an older one does not say. */
  private String total(Json asked) {
    Map<String, Json> quantities = asked.get("processes").members();
    return quantities.isEmpty()
        ? String.join(" ", wanted)
        : quantities.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().text())
            .collect(Collectors.joining(" "));
  }
}
