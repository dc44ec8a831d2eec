package dev.paas.cli.command;

import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.concurrent.TimeUnit;

/** A command that changes what runs, and waits until the change serves. */
public abstract class ChangeCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.flag("--no-wait", "Return at once; the change goes on.", () -> noWait = true);
  }

  /** How long one question to the server stays open, in seconds. */
  private static final int ASK_SECONDS = 30;

  /**
   * How long the instances that were replaced are waited for, in seconds. Without requests they are
   * gone in less; with a WebSocket or a long download they take up to the drain timeout, and the
   * change serves meanwhile.
   */
  private static final int LEAVING_SECONDS = 2;

  protected boolean noWait;

  /** Follows what a change of config vars has led to; says so when it changed nothing. */
  protected final int followConfig(Json answer, String done) throws ApiProblem {
    if (answer.text("changed").equals("false")) {
      if (!printed(answer)) {
        out().println("Nothing changed.");
      }
      return ExitCode.OK;
    }
    return follow(answer.get("deployment"), done);
  }

  /**
   * Follows a deployment until it serves and, for a moment, until what it replaced is gone; says
   * what it waits for. Ctrl-C ends the following, not the deployment.
   *
   * @param done what to say when it serves
   */
  protected final int follow(Json started, String done) throws ApiProblem {
    if (started.isNull()) {
      // Nothing runs yet: the change is stored for the first release.
      if (!printed(started)) {
        out().println("Stored; it takes effect with the first deploy.");
      }
      return ExitCode.OK;
    }
    if (noWait) {
      if (!printed(started)) {
        out().println("Started; it goes on by itself. Follow it with: paas ps");
      }
      return ExitCode.OK;
    }
    return told(awaited(started), done);
  }

  private Json awaited(Json started) throws ApiProblem {
    Json deployment = started;
    String said = "";
    long serving = 0;
    int patience = ASK_SECONDS;
    while (!isOver(deployment)) {
      if (deployment.text("state").equals("draining")) {
        serving = serving == 0 ? System.nanoTime() : serving;
        patience =
            LEAVING_SECONDS - (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - serving);
        if (patience <= 0) {
          return deployment;
        }
      }
      String line = doing(deployment);
      if (!line.equals(said)) {
        terminal().progress(line);
        said = line;
      }
      String id = ApiClient.escape(deployment.text("id"));
      deployment = api().get(path("/deployments/") + id + "?wait=" + patience);
    }
    return deployment;
  }

  private int told(Json deployment, String done) throws ApiProblem {
    boolean printed = printed(deployment);
    if (deployment.text("state").equals("failed")) {
      throw ApiProblem.of(422, deployment.get("problem"));
    }
    if (!printed) {
      String release = deployment.text("release");
      out()
          .println(
              release.isEmpty()
                  ? done.replace("; {release} serves", "")
                  : done.replace("{release}", release));
      if (!isOver(deployment) && !deployment.text("waitingFor").isEmpty()) {
        out().println("Still waiting for " + deployment.text("waitingFor") + ".");
      }
    }
    return ExitCode.OK;
  }

  private static boolean isOver(Json deployment) {
    return deployment.text("state").equals("done") || deployment.text("state").equals("failed");
  }

  /** A state in words; one of a newer server stays as it is. */
  private static String said(String state) {
    return switch (state) {
      case "starting" -> "starting instances";
      case "checking" -> "checking instances";
      case "switching" -> "switching requests over";
      case "draining" -> "finishing";
      default -> state;
    };
  }

  private static String doing(Json deployment) {
    String waitingFor = deployment.text("waitingFor");
    String state =
        waitingFor.isEmpty() ? said(deployment.text("state")) : "waiting for " + waitingFor;
    Json instances = deployment.get("instances");
    return "       "
        + state
        + " ("
        + instances.number("serving")
        + " of "
        + instances.number("wanted")
        + " serving)";
  }
}
