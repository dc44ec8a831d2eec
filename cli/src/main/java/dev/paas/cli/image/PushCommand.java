package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code paas image push REF}. */
public final class PushCommand extends ApiCommand {

  private String ref = "";
  private String target = "";
  private Json pushed = new Json(null);

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Push an image to a registry, with the login of paas registry:login.")
        .word("REF", "The name or digest.", value -> ref = value)
        .optionalWord("TARGET", "HOST/NAME:TAG, when REF is none.", value -> target = value)
        .example("paas image push ann/shop:1 ghcr.io/ann/shop:1");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("ref", ref);
    body.put("target", target.isEmpty() ? ref : target);
    api().stream(
        "/v1/images/push", body, answer -> pushed = Steps.follow(answer, terminal(), "pushed"));
    if (pushed.isNull()) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER, "cli.cut-off", "The push ended before its end", "Try again.");
    }
    if (!printed(pushed)) {
      out().println("Pushed " + pushed.text("name") + " as " + pushed.text("digest") + ".");
    }
    return ExitCode.OK;
  }
}
