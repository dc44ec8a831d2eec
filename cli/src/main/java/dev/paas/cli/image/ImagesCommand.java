package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;
import java.util.stream.Collectors;

/** {@code paas image ls}. */
public final class ImagesCommand extends ApiCommand {

  private static final String ALGORITHM = "sha256:";

  /** As many digits as tell images apart; the whole digest is in {@code --json}. */
  private static final int SHORT_DIGEST = 12;

  private static final String MEANT_REGISTRY = "docker.io/";
  private static final String MEANT_FOLDER = "library/";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List the images in the platform's store.").example("paas image ls");
  }

  @Override
  public int run() throws ApiProblem {
    Json images = api().get("/v1/images");
    if (!printed(images)) {
      Table table = new Table("NAMES", "DIGEST", "SIZE", "LAYERS", "CREATED");
      for (Json image : images.items()) {
        String digest = image.text("digest").replace(ALGORITHM, "");
        table.row(
            image.get("names").items().stream()
                .map(name -> familiar(name.text()))
                .collect(Collectors.joining(" ")),
            digest.substring(0, Math.min(SHORT_DIGEST, digest.length())),
            (image.number("bytes") >> 20) + "M",
            image.text("layers"),
            seconds(image.text("createdAt")));
      }
      table.print(out(), "No images: paas image pull REF.");
    }
    return ExitCode.OK;
  }

  /** The name as people write it: without the registry and the folder that are meant anyway. */
  static String familiar(String name) {
    String path = name.startsWith(MEANT_REGISTRY) ? name.substring(MEANT_REGISTRY.length()) : name;
    return path.equals(name) || !path.startsWith(MEANT_FOLDER)
        ? path
        : path.substring(MEANT_FOLDER.length());
  }
}
