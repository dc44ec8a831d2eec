package dev.paas.cli.app;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;

/** {@code paas git:remote -a APP}. */
public final class GitRemoteCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Set the git remote paas of this repository to an app.")
        .example("paas git:remote -a shop && git push paas main");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (!session().local()) {
      throw new UsageException(
          "A git remote is set on your own machine", "Use: git remote add paas ADDRESS.");
    }
    Json found = api().get(path(""));
    if (!GitRemote.isRepository()) {
      throw new UsageException("This folder is in no git repository", "Run git init first.");
    }
    if (GitRemote.url().isPresent()) {
      GitRemote.change(found.text("gitUrl"));
    } else {
      GitRemote.add(found.text("gitUrl"));
    }
    if (!printed(found)) {
      out().println("The git remote paas is " + found.text("gitUrl") + ".");
    }
    return ExitCode.OK;
  }
}
