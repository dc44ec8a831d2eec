package dev.paas.cli.app;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** {@code paas create NAME}. */
public final class CreateCommand extends ApiCommand {

  private String name = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Create an app and, inside a git repository, the remote to push it to.")
        .word("NAME", "1 to 39 lower-case letters, digits and hyphens.", value -> name = value)
        .example("paas create shop");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    Json app = api().post("/v1/apps", Map.of("name", name));
    if (printed(app)) {
      return ExitCode.OK;
    }
    out().println("Created " + app.text("name") + ".");
    out().println("  web  " + app.text("url"));
    out().println("  git  " + app.text("gitUrl"));
    if (session().local() && GitRemote.isRepository()) {
      Optional<String> remote = GitRemote.url();
      if (remote.isEmpty()) {
        GitRemote.add(app.text("gitUrl"));
        out().println("Added the git remote paas: deploy with git push paas main.");
      } else {
        String at = GitRemote.app(remote.get()).orElse(remote.get());
        out()
            .println(
                "The git remote paas stays at "
                    + terminal().safe(at)
                    + " (paas git:remote -a "
                    + app.text("name")
                    + " changes it).");
      }
    }
    return ExitCode.OK;
  }
}
