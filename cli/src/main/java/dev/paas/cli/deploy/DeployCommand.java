package dev.paas.cli.deploy;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.image.Archives;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code paas deploy [FOLDER|FILE.tar|-]}. */
public final class DeployCommand extends AppCommand {

  /** The status of a deploy that was declined. */
  private static final int DECLINED = 422;

  private String source = "";
  private boolean rebuild;
  private Json outcome = new Json(null);

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Deploy the files of a folder, or of a tar (plain or gzip), without git. What a",
            ".gitignore names is not sent. Files that were built before are not built again.")
        .flag("--rebuild", "Build also what was built before.", () -> rebuild = true)
        .optionalWord(
            "FOLDER|TAR|-",
            "What to deploy; this folder unless given, - for standard input.",
            word -> source = word)
        .example("paas deploy -a shop", "tar -c . | ssh paas@HOST deploy -a shop");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    String path = path("/deploy") + (rebuild ? "?rebuild=true" : "");
    try (ProgressLine progress = new ProgressLine(terminal());
        InputStream archive = archive(progress)) {
      api().upload(path, archive, answer -> read(answer, progress));
    }
    if (outcome.isNull()) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER,
          "cli.cut-off",
          "The connection broke while the deploy went on",
          "See what became of it: paas builds.");
    }
    if (!outcome.get("problem").isNull()) {
      throw ApiProblem.of(DECLINED, outcome.get("problem"));
    }
    var unused = printed(outcome);
    return ExitCode.OK;
  }

  private InputStream archive(ProgressLine progress) throws IOException {
    String meant = source.isEmpty() ? (session().local() ? "." : "-") : source;
    if (!session().local() && !meant.equals("-")) {
      throw new UsageException(
          "There are no files of yours here: " + meant, "Send a tar on standard input, and say -.");
    }
    if (meant.equals("-") || !Files.isDirectory(Path.of(meant))) {
      return Archives.open(session(), meant, progress);
    }
    return Archives.counted(session(), new FolderTar(SourceFolder.of(Path.of(meant))), 0, progress);
  }

  private void read(InputStream answer, ProgressLine progress) throws IOException {
    progress.close();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Json item = Json.parse(line.isEmpty() ? "null" : line);
      if (!item.get("line").isNull()) {
        tell(terminal().safe(item.text("line")));
      } else if (!item.isNull()) {
        outcome = item;
      }
    }
  }

  /** With --json the outcome alone is printed. */
  private void tell(String line) {
    if (json) {
      terminal().progress(line);
    } else {
      out().println(line);
      out().flush();
    }
  }
}
