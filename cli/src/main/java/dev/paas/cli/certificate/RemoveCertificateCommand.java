package dev.paas.cli.certificate;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas certs:remove CERTIFICATE}. */
public final class RemoveCertificateCommand extends AppCommand {

  private String certificate = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Remove a certificate; another one for the same hosts is shown then, if there is one.")
        .word("CERTIFICATE", "As paas certs shows it.", value -> certificate = value)
        .example("paas certs:remove 3f9a1c20be47 -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/certificates/") + ApiClient.escape(certificate));
    if (!printed(new Json(null))) {
      out().println(app() + " has the certificate no longer.");
    }
    return ExitCode.OK;
  }
}
