package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** {@code paas image load}. */
public final class LoadCommand extends ApiCommand {

  private String file = "-";
  private String name = "";
  private Json images = new Json(null);

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Load the images of an archive: of docker save, podman, buildah or skopeo, or a tar of",
            "an OCI layout; plain, gzip or zstd. They are yours: OWNER/NAME:TAG.")
        .option("-i, --input", "FILE", "The archive; standard input unless given.", v -> file = v)
        .option("--name", "NAME:TAG", "Its name instead of the archive's.", v -> name = v)
        .example("docker save shop | paas image load");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    String query = name.isEmpty() ? "" : "?name=" + ApiClient.escape(name);
    try (ProgressLine progress = new ProgressLine(terminal());
        InputStream archive = Archives.open(session(), file, progress)) {
      api().upload("/v1/images/archive" + query, archive, this::read);
    }
    if (!printed(images)) {
      for (Json image : images.items()) {
        out()
            .println(
                "Loaded "
                    + image.get("names").items().stream()
                        .map(each -> ImagesCommand.familiar(each.text()))
                        .collect(Collectors.joining(", "))
                    + " as "
                    + image.text("digest")
                    + ".");
      }
    }
    return ExitCode.OK;
  }

  private void read(InputStream answer) throws IOException {
    images = Json.parse(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
  }
}
