package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import dev.paas.cli.terminal.Table;
import java.util.Map;

/** {@code paas image prune}. */
public final class PruneCommand extends ApiCommand {

  private boolean dryRun;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Remove the images that paas run --image has pulled for you. Without this, one goes",
            "when it was not run for a day. A run that goes on keeps its image until it ends.")
        .flag("-n, --dry-run", "Say what would go, and why; remove nothing.", () -> dryRun = true)
        .example("paas image prune --dry-run");
  }

  @Override
  public int run() throws ApiProblem {
    Json images = dryRun ? api().get("/v1/images/prune") : api().post("/v1/images/prune", Map.of());
    if (printed(images)) {
      return ExitCode.OK;
    }
    Table table = new Table("IMAGE", "SIZE", "LAST RUN", dryRun ? "GOES BY ITSELF" : "WHY");
    for (Json image : images.items()) {
      table.row(
          image.text("name"),
          ProgressLine.size(image.number("bytes")),
          seconds(image.text("usedAt")),
          dryRun ? seconds(image.text("goesAt")) : "pulled for a run");
    }
    table.print(out(), "No image was pulled for a run.");
    return ExitCode.OK;
  }
}
