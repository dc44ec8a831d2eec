package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.terminal.ProgressLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code paas image save REF}. */
public final class SaveCommand extends ApiCommand {

  private static final int BUFFER = 1 << 16;

  /** How a tar ends: two blocks of zeros. One that does not was cut off. */
  private static final int END_MARK = 1024;

  private String ref = "";
  private String format = "docker";
  private String file = "-";

  @Override
  protected void declare(Syntax syntax) {
    syntax
        .does("Write an image as an archive, for docker load, podman, skopeo or paas image load.")
        .option("-o, --output", "FILE", "Where to; standard output unless given.", v -> file = v)
        .option("--format", "docker|oci", "A docker archive, or an OCI layout.", v -> format = v)
        .word("REF", "The name or digest.", value -> ref = value)
        .example("paas image save debian:bookworm-slim -o debian.tar");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    boolean toOutput = file.equals("-") || !session().local();
    if (toOutput && session().local() && terminal().watched()) {
      throw new UsageException(
          "An archive is nothing for a terminal", "Name a file with -o, or redirect the output.");
    }
    String path =
        "/v1/images/archive?ref=" + ApiClient.escape(ref) + "&format=" + ApiClient.escape(format);
    try (ProgressLine progress = new ProgressLine(terminal())) {
      if (toOutput) {
        api().stream(path, answer -> copy(answer, out(), progress));
        out().flush();
      } else {
        toFile(path, progress);
      }
    }
    return ExitCode.OK;
  }

  private void toFile(String path, ProgressLine progress) throws ApiProblem, IOException {
    Path target;
    try {
      target = Path.of(file).toAbsolutePath();
    } catch (InvalidPathException malformed) {
      throw new UsageException("Can't write " + file, "Name a file that can be written.");
    }
    // Beside its place until it is whole: what is there may be the only copy.
    Path unfinished = target.resolveSibling(target.getFileName() + ".part");
    try {
      api().stream(
          path,
          answer -> {
            try (OutputStream out = Files.newOutputStream(unfinished)) {
              copy(answer, out, progress);
            }
          });
      Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void copy(InputStream answer, OutputStream out, ProgressLine progress)
      throws IOException, ApiProblem {
    byte[] buffer = new byte[BUFFER];
    long count = 0;
    int zeros = 0;
    for (int n = answer.read(buffer); n >= 0; n = answer.read(buffer)) {
      out.write(buffer, 0, n);
      int at = n;
      while (at > 0 && buffer[at - 1] == 0) {
        at--;
      }
      zeros = Math.min(END_MARK, at == 0 ? zeros + n : n - at);
      count += n;
      progress.show("saving", count, 0);
    }
    if (zeros < END_MARK) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER, "cli.cut-off", "The archive ended before its end", "Try again.");
    }
  }
}
