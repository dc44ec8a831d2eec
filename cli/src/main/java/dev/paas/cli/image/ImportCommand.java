package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
    try (InputStream tar = open()) {
      api().upload("/v1/images/import" + query, tar, this::read);
    }
    if (!printed(image)) {
      out().println("Imported " + name + " as " + image.text("digest") + ".");
    }
    return ExitCode.OK;
  }

  private InputStream open() throws IOException {
    if (file.equals("-") || !session().local()) {
      return terminal().in();
    }
    try {
      return Files.newInputStream(Path.of(file));
    } catch (IOException | InvalidPathException unreadable) {
      throw new UsageException("Can't read " + file, "Name a tar file, or - for standard input.");
    }
  }

  private void read(InputStream answer) throws IOException {
    image = Json.parse(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
  }
}
