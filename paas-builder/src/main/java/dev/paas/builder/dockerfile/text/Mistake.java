package dev.paas.builder.dockerfile.text;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;

/** A problem with what stands at one place of a text, behind which reading may go on. */
public final class Mistake extends PaasException {

  private static final long serialVersionUID = 1L;

  private final transient Source source;
  private final int offset;

  Mistake(Problem problem, Source source, int offset) {
    super(problem);
    this.source = source;
    this.offset = offset;
  }

  boolean isIn(Source text) {
    return source == text;
  }

  /** Where in its text it is, in characters. */
  int offset() {
    return offset;
  }
}
