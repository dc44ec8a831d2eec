package dev.paas.api.http;

import dev.paas.base.problem.Problem;
import java.util.Map;
import java.util.Set;

/**
 * The HTTP status of a problem. It follows from the last part of its code, so that a new code needs
 * no entry: {@code ….not-found} is 404 wherever it comes from. What a deploy, a build, a release or
 * a process can't do is 422; what is left is 400.
 */
final class ProblemStatus {

  private static final Map<String, Integer> BY_LAST_PART =
      Map.ofEntries(
          Map.entry("unauthenticated", 401),
          Map.entry("forbidden", 403),
          Map.entry("read-only", 403),
          Map.entry("foreign-origin", 403),
          Map.entry("foreign-host", 403),
          Map.entry("not-found", 404),
          Map.entry("bad-method", 405),
          Map.entry("not-acceptable", 406),
          Map.entry("exists", 409),
          Map.entry("taken", 409),
          Map.entry("conflict", 409),
          Map.entry("being-destroyed", 409),
          Map.entry("in-use", 409),
          Map.entry("busy", 409),
          Map.entry("destroyed", 410),
          Map.entry("ended", 409),
          Map.entry("too-large", 413),
          Map.entry("bad-media-type", 415),
          Map.entry("impossible", 422),
          Map.entry("unexpected", 500),
          Map.entry("unavailable", 503),
          Map.entry("full", 507));

  private static final Set<String> UNDERSTOOD_AND_IMPOSSIBLE =
      Set.of("deploy", "build", "release", "process", "run", "scale", "quota");

  private ProblemStatus() {}

  static int of(Problem problem) {
    String code = problem.code();
    int dot = code.indexOf('.');
    Integer status = BY_LAST_PART.get(code.substring(dot + 1));
    if (status != null) {
      return status;
    }
    return UNDERSTOOD_AND_IMPOSSIBLE.contains(code.substring(0, Math.max(dot, 0))) ? 422 : 400;
  }
}
