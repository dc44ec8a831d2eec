package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import dev.paas.cli.terminal.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code paas image inspect REF}. */
public final class InspectCommand extends ApiCommand {

  /** Labels by the names in the API, in the order in which they are shown. */
  private static final Map<String, String> LISTS = lists();

  private String ref = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show an image's configuration, layers, digests and sizes.")
        .word("REF", "The name or digest.", value -> ref = value)
        .example("paas image inspect debian:bookworm-slim");
  }

  @Override
  public int run() throws ApiProblem {
    Json image = api().get("/v1/images/details?ref=" + ApiClient.escape(ref));
    if (!printed(image)) {
      say("Names", words(image.get("names")));
      say("Digest", image.text("digest"));
      say("Config", image.text("configDigest"));
      say("Created", image.text("created"));
      say("Platform", image.text("os") + "/" + image.text("architecture"));
      say("Size", ProgressLine.size(image.number("bytes")));
      Json config = image.get("config");
      say("User", config.text("user"));
      say("Folder", config.text("workingDir"));
      say("Stop signal", config.text("stopSignal"));
      LISTS.forEach((list, label) -> say(label, words(config.get(list))));
      out().println();
      Table table = new Table("LAYER", "PACKED", "SIZE");
      for (Json layer : image.get("layers").items()) {
        table.row(
            layer.text("diffId"),
            ProgressLine.size(layer.number("packedBytes")),
            ProgressLine.size(layer.number("bytes")));
      }
      table.print(out(), "No layers.");
    }
    return ExitCode.OK;
  }

  private static Map<String, String> lists() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("entrypoint", "Entrypoint");
    labels.put("cmd", "Command");
    labels.put("env", "Environment");
    labels.put("exposedPorts", "Ports");
    labels.put("volumes", "Volumes");
    return labels;
  }

  private void say(String label, String text) {
    if (!text.isEmpty()) {
      out().println(terminal().safe(String.format("%-14s%s", label + ":", text)));
    }
  }

  private static String words(Json list) {
    return list.items().stream().map(Json::text).collect(Collectors.joining(" "));
  }
}
