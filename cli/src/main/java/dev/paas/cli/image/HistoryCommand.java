package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import dev.paas.cli.terminal.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code paas image history REF}. */
public final class HistoryCommand extends ApiCommand {

  /** As much of an instruction as fits beside the rest in a window. */
  private static final int SHOWN = 72;

  private String ref = "";
  private boolean whole;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show the steps that made an image, the newest first.")
        .flag("--no-trunc", "Print instructions in full.", () -> whole = true)
        .word("REF", "The name or digest.", value -> ref = value)
        .example("paas image history debian:bookworm-slim");
  }

  @Override
  public int run() throws ApiProblem {
    Json image = api().get("/v1/images/details?ref=" + ApiClient.escape(ref));
    if (!printed(image.get("history"))) {
      List<Json> layers = image.get("layers").items();
      List<String[]> rows = new ArrayList<>();
      int layer = 0;
      for (Json step : image.get("history").items()) {
        boolean empty = step.flag("emptyLayer") || layer == layers.size();
        String size = empty ? "0B" : ProgressLine.size(layers.get(layer++).number("bytes"));
        rows.add(new String[] {step.text("created"), size, shown(step.text("createdBy"))});
      }
      for (; layer < layers.size(); layer++) {
        rows.add(new String[] {"", ProgressLine.size(layers.get(layer).number("bytes")), ""});
      }
      Collections.reverse(rows);
      Table table = new Table("CREATED", "SIZE", "CREATED BY");
      rows.forEach(table::row);
      table.print(out(), "The image has no history.");
    }
    return ExitCode.OK;
  }

  private String shown(String instruction) {
    String line = instruction.replaceAll("\\s+", " ").strip();
    return whole || line.length() <= SHOWN ? line : line.substring(0, SHOWN - 1) + "…";
  }
}
