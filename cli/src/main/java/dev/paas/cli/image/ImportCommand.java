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
import java.util.ArrayList;
import java.util.List;

/** {@code paas image import FILE --name NAME}. */
public final class ImportCommand extends ApiCommand {

  private String name = "";

  private final List<String> env = new ArrayList<>();

  private final List<String> command = new ArrayList<>();

  private String file = "";

  private Json image = new Json(null);

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Make an image of a root filesystem tar (plain, gzip, zstd).")
        .required("--name", "NAME:TAG", "Its name.", value -> name = value)
        .option("-e, --env", "NAME=VALUE", "An environment variable of the image.", env::add)
        .option("--cmd", "WORD", "A word of its command; repeat it.", command::add)
        .word("FILE", "The tar, or - for standard input.", value -> file = value)
        .example("paas image import rootfs.tar --name debian:bookworm-slim");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    StringBuilder query = new StringBuilder("?name=" + ApiClient.escape(name));
    env.forEach(variable -> query.append("&env=").append(ApiClient.escape(variable)));
    command.forEach(word -> query.append("&cmd=").append(ApiClient.escape(word)));
    try (ProgressLine progress = new ProgressLine(terminal());
        InputStream tar = Archives.open(session(), file, progress)) {
      api().upload("/v1/images/import" + query, tar, this::read);
    }
    if (!printed(image)) {
      out().println("Imported " + name + " as " + image.text("digest") + ".");
    }
    return ExitCode.OK;
  }

  private void read(InputStream answer) throws IOException {
    image = Json.parse(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
  }
}
