package dev.paas.runtime.solve.match;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;

/**
 * The work that the patterns of one build make: how many there are, how long they are and how many
 * files they are compared with is chosen by whoever pushes, and each is bounded far above what a
 * product of all three may come to.
 */
public final class Comparisons {

  /** Below a minute. 100 patterns of 20 characters for each of 200,000 files take a fifth of it. */
  private static final long MAX = 20_000_000_000L;

  private final long max;
  private long made;

  public Comparisons() {
    this(MAX);
  }

  public Comparisons(long max) {
    this.max = max;
  }

  /** Counts single steps, each a character of a path at a place of a pattern. */
  public void made(long steps) {
    made += steps;
    if (made > max) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.too-many-patterns",
              "Comparing the patterns of this build with its files takes too long",
              "Name directories instead of single files, use fewer patterns with stars, or take"
                  + " generated files out of the repository.")
          .asException();
    }
  }
}
