package dev.paas.cli.certificate;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;
import java.util.stream.Collectors;

/** {@code paas certs}. */
public final class CertificatesCommand extends AppCommand {

  /** Characters of a fingerprint that tell certificates of one app apart. */
  private static final int SHORT = 12;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show how an app's hosts stand with HTTPS, and its certificates.")
        .example("paas certs -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json all = api().get(path("/certificates"));
    if (!printed(all)) {
      Table hosts = new Table("HOST", "STATE", "CERTIFICATE", "UNTIL");
      for (Json host : all.get("hosts").items()) {
        hosts.row(
            host.text("host"),
            host.text("state"),
            orDash(shortened(host.text("certificate"))),
            orDash(seconds(host.text("expiresAt"))));
      }
      hosts.print(out(), "No hosts.");
      for (Json host : all.get("hosts").items()) {
        if (!host.text("problem").isEmpty()) {
          out().println();
          out().println(host.text("host") + ": " + host.text("problem"));
          out().println("next try at " + seconds(host.text("nextTry")));
        }
      }
      Table certificates = new Table("CERTIFICATE", "ORIGIN", "UNTIL", "NAMES");
      for (Json one : all.get("certificates").items()) {
        certificates.row(
            shortened(one.text("fingerprint")),
            one.text("origin"),
            seconds(one.text("notAfter")),
            one.get("names").items().stream().map(Json::text).collect(Collectors.joining(" ")));
      }
      out().println();
      certificates.print(out(), "No certificates: paas certs:add CHAIN KEY.");
    }
    return ExitCode.OK;
  }

  private static String shortened(String fingerprint) {
    return fingerprint.substring(0, Math.min(SHORT, fingerprint.length()));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
