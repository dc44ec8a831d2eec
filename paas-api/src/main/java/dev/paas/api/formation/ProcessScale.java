package dev.paas.api.formation;

/**
 * What one process type gets.
 *
 * @param quantity how many instances
 * @param generation of all of them; a restart raises it
 */
public record ProcessScale(int quantity, long generation) {

  public ProcessScale {
    if (quantity < 0) {
      throw new IllegalArgumentException("quantity " + quantity + " (expected: >= 0)");
    }
  }

  ProcessScale withQuantity(int other) {
    return new ProcessScale(other, generation);
  }

  ProcessScale withGeneration(long other) {
    return new ProcessScale(quantity, other);
  }
}
