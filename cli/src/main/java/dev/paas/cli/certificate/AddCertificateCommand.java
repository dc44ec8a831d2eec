package dev.paas.cli.certificate;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code paas certs:add CHAIN KEY}. */
public final class AddCertificateCommand extends AppCommand {

  /** More than the platform takes of both files. */
  private static final int MAX = 64 << 10;

  private static final String INPUT = "-";

  private String chain = "";
  private String key = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Give an app a certificate of your own. Both files are in PEM; - reads both from",
            "standard input, one after the other.")
        .word("CHAIN", "The certificate and those of its issuers.", value -> chain = value)
        .optionalWord("KEY", "Its private key, without a passphrase.", value -> key = value)
        .example("paas certs:add fullchain.pem privkey.pem -a shop")
        .example("cat fullchain.pem privkey.pem | ssh paas@example.org certs:add - -a shop");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    boolean input = chain.equals(INPUT) || !session().local();
    if (!input && key.isEmpty()) {
      throw new UsageException("Which key?", "Name both files: paas certs:add CHAIN KEY.");
    }
    String both = input ? new String(terminal().in().readNBytes(MAX), StandardCharsets.UTF_8) : "";
    Json added =
        api()
            .post(
                path("/certificates"),
                Map.of("chain", input ? both : read(chain), "key", input ? both : read(key)));
    if (!printed(added)) {
      out()
          .println(
              app()
                  + " has a certificate for "
                  + added.get("names").items().stream()
                      .map(Json::text)
                      .collect(Collectors.joining(" "))
                  + " until "
                  + seconds(added.text("notAfter"))
                  + ".");
    }
    return ExitCode.OK;
  }

  private static String read(String file) throws IOException {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException unreadable) {
      throw new UsageException("Can't read " + file, "Name a file in PEM.");
    }
  }
}
