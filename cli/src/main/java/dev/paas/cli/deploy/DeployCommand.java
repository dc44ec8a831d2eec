package dev.paas.cli.deploy;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.image.Archives;
import dev.paas.cli.image.Steps;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code paas deploy [FOLDER|FILE.tar|-]} and {@code paas deploy --image REF}. */
public final class DeployCommand extends ChangeCommand {

  private static final int NOT_FOUND = 404;

  private String source = "";
  private String image = "";
  private boolean rebuild;
  private Json pulled = new Json(null);

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Deploy the files of a folder, or of a tar (plain or gzip), without git. What a",
            ".gitignore names is not sent. Files that were built before are not built again.",
            "",
            "With --image an image is deployed as it is, without a build: one that paas image ls",
            "shows, or one of a registry, which is pulled first when it is missing.")
        .flag("--rebuild", "Build also what was built before.", () -> rebuild = true)
        .option("--image", "REF", "Deploy this image, and no files.", ref -> image = ref)
        .optionalWord(
            "FOLDER|TAR|-",
            "What to deploy; this folder unless given, - for standard input.",
            word -> source = word)
        .example(
            "paas deploy -a shop",
            "tar -c . | ssh paas@HOST deploy -a shop",
            "paas deploy --image ghcr.io/team/shop:2");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (!image.isEmpty()) {
      if (rebuild || !source.isEmpty()) {
        throw new UsageException(
            "An image is deployed as it is", "Leave out --rebuild and the folder.");
      }
      return follow(asked(), "Deployed " + image + "; {release} serves.");
    }
    if (noWait) {
      throw new UsageException(
          "Files are built before they are deployed, and that is followed",
          "Use --no-wait with --image only.");
    }
    Walk walk = new Walk(this::showLine);
    String path = path("/deploy") + (rebuild ? "?rebuild=true" : "");
    try (ProgressLine progress = new ProgressLine(terminal());
        InputStream archive = archive(progress)) {
      api().upload(path, archive, answer -> read(answer, walk, progress));
    }
    var unused = printed(walk.outcome());
    return ExitCode.OK;
  }

  /** The files have been sent. */
  private static void read(InputStream answer, Walk walk, ProgressLine progress)
      throws IOException {
    progress.close();
    walk.read(answer);
  }

  /** Has the image deployed, and pulled before when it is not there. */
  private Json asked() throws ApiProblem, IOException {
    String path = path("/deploy/image");
    try {
      return api().post(path, Map.of("ref", image));
    } catch (ApiProblem missing) {
      if (missing.status() != NOT_FOUND || image.startsWith("sha256:")) {
        throw missing;
      }
    }
    var unused = api().get(path("")); // or it is the app that is not there
    api().stream(
        "/v1/images/pull",
        Map.of("ref", image),
        answer -> pulled = Steps.follow(answer, terminal(), "image"));
    String name =
        pulled.get("names").items().stream()
            .findFirst()
            .map(Json::text)
            .orElse(pulled.text("digest"));
    return api().post(path, Map.of("ref", name));
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
}
