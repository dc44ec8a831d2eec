package dev.paas.cli.http;

import dev.paas.cli.json.Json;
import java.io.IOException;

/** An answer that is not the wanted one: what is wrong and what to do. */
public final class ApiProblem extends Exception {

  private static final long serialVersionUID = 1L;

  /** The status of problems that have no HTTP answer because nobody answered. */
  public static final int NO_ANSWER = 0;

  /** The status of a problem whose server does not say one: it was understood, and not done. */
  private static final int UNSAID = 422;

  private final int status;
  private final String code;
  private final String what;
  private final String fix;

  public ApiProblem(int status, String code, String what, String fix) {
    super(code + ": " + what);
    this.status = status;
    this.code = code;
    this.what = what;
    this.fix = fix;
  }

  /**
   * From a problem at the end of a stream, which says itself what status an answer of its kind has.
   */
  public static ApiProblem told(Json problem) {
    int status = (int) problem.number("status");
    return of(status == NO_ANSWER ? UNSAID : status, problem);
  }

  /** From a problem of the API: the body of an error, or a member of a failed deployment. */
  public static ApiProblem of(int status, Json problem) {
    String what = problem.text("what");
    if (what.isEmpty()) {
      what = problem.text("title");
    }
    String value = problem.text("value");
    return new ApiProblem(
        status,
        problem.text("code"),
        value.isEmpty() ? what : what + ": " + value,
        problem.text("fix"));
  }

  static ApiProblem answer(int status, String body) {
    try {
      Json problem = Json.parse(body);
      if (!problem.text("code").isEmpty()) {
        return of(status, problem);
      }
    } catch (IOException notJson) {
      // Somebody else answered, e.g. a proxy: the status is all there is.
    }
    return new ApiProblem(
        status,
        "cli.bad-answer",
        "The server answered with status " + status,
        "Check that PAAS_API is the address of a platform's API.");
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String what() {
    return what;
  }

  public String fix() {
    return fix;
  }
}
