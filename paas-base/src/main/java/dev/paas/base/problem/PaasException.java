package dev.paas.base.problem;

/**
 * Carries a {@link Problem} to the edge of a process, where it becomes an answer. A subclass is for
 * the one problem that somebody on the way has to tell from others of its kind.
 */
public class PaasException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public PaasException(Problem problem) {
    super(message(problem));
    this.problem = problem;
  }

  public PaasException(Problem problem, Throwable cause) {
    super(message(problem), cause);
    this.problem = problem;
  }

  public final Problem problem() {
    return problem;
  }

  private static String message(Problem problem) {
    String value = problem.value().isEmpty() ? "" : ": " + problem.value();
    return problem.code() + ": " + problem.what() + value;
  }
}
