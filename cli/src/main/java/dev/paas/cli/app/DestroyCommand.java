package dev.paas.cli.app;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paas destroy}. */
@Command(
    name = "destroy",
    description = {
      "Remove an app: instances, images, repository, logs and config.",
      "Asks for the app's name first."
    },
    footer = {"", "Example:", "  paas destroy -a shop --confirm shop"})
public final class DestroyCommand extends AppCommand {

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "The app's name, to not be asked.")
  private @Nullable String confirm;

  @Option(names = "--force", description = "Don't ask.")
  private boolean force;

  @Parameters(arity = "0..1", paramLabel = "APP", description = "The app, as with -a.")
  private @Nullable String named;

  @Override
  public int run() throws ApiProblem, IOException {
    app = app == null ? named : app;
    String name = app();
    api().get(path(""));
    if (!force && !name.equals(confirmation(name))) {
      throw new UsageException(
          "Not confirmed: nothing was removed",
          "Type the app's name, or give --confirm " + name + ".");
    }
    api().delete(path(""));
    if (!printed(new Json(null))) {
      out().println("Destroyed " + name + ".");
    }
    return ExitCode.OK;
  }

  private String confirmation(String name) throws IOException {
    if (confirm != null) {
      return confirm;
    }
    return terminal().interactive()
        ? terminal().ask("This removes " + name + " with all it has. Type its name to go on: ")
        : "";
  }
}
