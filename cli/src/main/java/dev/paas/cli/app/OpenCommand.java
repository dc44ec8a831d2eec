package dev.paas.cli.app;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code paas open}. */
public final class OpenCommand extends AppCommand {

  /** So long it may take until it is known that no browser opens. */
  private static final int OPENS_SECONDS = 5;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Open the app in a browser, and print its address.",
            "Only prints it where no terminal or no browser is.")
        .example("paas open -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json found = api().get(path(""));
    if (printed(found)) {
      return ExitCode.OK;
    }
    String url = found.text("url");
    out().println(terminal().safe(url));
    // An address that is not one is not handed to another program.
    boolean opens = session().local() && terminal().interactive() && url.matches("https?://\\S+");
    if (opens && !opened(url)) {
      terminal().progress("No browser could be started here.");
    }
    return ExitCode.OK;
  }

  private static boolean opened(String url) {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    File nowhere = new File("/dev/null");
    try {
      Process opener =
          new ProcessBuilder(List.of(mac ? "open" : "xdg-open", url))
              .redirectInput(nowhere)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // A browser in the foreground is one, too: its end is not waited for.
      return !opener.waitFor(OPENS_SECONDS, TimeUnit.SECONDS) || opener.exitValue() == 0;
    } catch (IOException noOpener) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
