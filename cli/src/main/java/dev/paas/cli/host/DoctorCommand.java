package dev.paas.cli.host;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas doctor}. */
public final class DoctorCommand extends ApiCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("Check the platform: what was found, and how to fix it.").example("paas doctor");
  }

  @Override
  public int run() throws ApiProblem {
    Json doctor = api().get("/v1/doctor");
    if (!printed(doctor)) {
      for (Json finding : doctor.get("findings").items()) {
        String level = finding.text("level");
        String padded = String.format("%-9s", level);
        out()
            .println(
                terminal().judged(padded, !level.equals("error"))
                    + finding.text("probe")
                    + ": "
                    + terminal().safe(finding.text("found")));
        if (!level.equals("ok") && !finding.text("fix").isEmpty()) {
          out().println("         fix: " + terminal().safe(finding.text("fix")));
        }
      }
    }
    return doctor.flag("ok") ? ExitCode.OK : ExitCode.FAILED;
  }
}
