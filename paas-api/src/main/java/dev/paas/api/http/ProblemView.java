package dev.paas.api.http;

import dev.paas.base.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A problem as a member of what the API shows: of a build that failed, at the end of a stream. Its
 * kind is not shown; callers have the status and the code.
 *
 * @param status what a request is answered with that fails with it
 */
@Schema(name = "Problem")
public record ProblemView(String code, String what, String value, String fix, int status) {

  public static ProblemView of(Problem problem) {
    return new ProblemView(
        problem.code(),
        problem.what(),
        problem.value(),
        problem.fix(),
        ProblemStatus.of(problem.kind()));
  }
}
