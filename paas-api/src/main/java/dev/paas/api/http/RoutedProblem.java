package dev.paas.api.http;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with problems what JAX-RS never sees: requests before it, and WebSockets. */
public final class RoutedProblem {

  private static final Logger LOG = LoggerFactory.getLogger(RoutedProblem.class);

  private RoutedProblem() {}

  /** Answers a request with a problem. */
  public static void answer(RoutingContext context, Problem problem) {
    int status = ProblemStatus.of(problem.kind());
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", ProblemJson.MEDIA_TYPE)
        .end(ProblemJson.text(status, problem));
  }

  /** Answers a request with what its serving failed with. */
  public static void answer(RoutingContext context, Throwable failed) {
    answer(context, of(failed));
  }

  /** What a failure is to a caller; a bug is logged and told no more of. */
  public static Problem of(Throwable failed) {
    Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
    if (cause instanceof PaasException known) {
      return known.problem();
    }
    LOG.atError().setCause(failed).log("request failed unexpectedly");
    return Problem.of(
        Kind.INTERNAL,
        "http.unexpected",
        "Something broke inside the control plane",
        "Try again; if it stays, look at the log of paasd.");
  }
}
