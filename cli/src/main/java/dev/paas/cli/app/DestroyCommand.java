package dev.paas.cli.app;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code paas destroy}. */
public final class DestroyCommand extends AppCommand {

  private @Nullable String confirm;

  private boolean force;

  private @Nullable String named;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Remove an app: instances, images, repository, logs and config.",
            "Asks for the app's name first.")
        .option("--confirm", "NAME", "The app's name, to not be asked.", value -> confirm = value)
        .flag("--force", "Don't ask.", () -> force = true)
        .optionalWord("APP", "The app, as with -a.", value -> named = value)
        .example("paas destroy -a shop --confirm shop");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    app = app == null ? named : app;
    String name = app();
    Json found = api().get(path(""));
    if (!force && !name.equals(confirmation(name))) {
      throw new UsageException(
          "Not confirmed: nothing was removed",
          "Type the app's name, or give --confirm " + name + ".");
    }
    api().delete(path(""));
    if (!printed(new Json(null))) {
      out().println("Destroyed " + name + ".");
      removeRemote(found.text("gitUrl"));
    }
    return ExitCode.OK;
  }

  /** A remote that leads nowhere would have the next push make the app again. */
  private void removeRemote(String gitUrl) throws IOException {
    if (!session().local() || !GitRemote.isRepository()) {
      return;
    }
    if (GitRemote.url().filter(url -> GitRemote.isSame(url, gitUrl, api().host())).isPresent()) {
      GitRemote.remove();
      out().println("Removed the git remote paas, which was this app's.");
    }
  }

  private String confirmation(String name) throws IOException {
    if (confirm != null) {
      return confirm;
    }
    return terminal().interactive()
        ? terminal()
            .ask(
                "This deletes "
                    + name
                    + ": instances, releases, repository, logs and config.\nType "
                    + name
                    + " to confirm: ")
        : "";
  }
}
