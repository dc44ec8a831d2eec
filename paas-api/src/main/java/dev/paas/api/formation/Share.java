package dev.paas.api.formation;

/**
 * What one process type gets.
 *
 * @param quantity how many instances
 * @param generation of all of them; a restart raises it
 */
public record Share(int quantity, long generation) {

  public Share {
    if (quantity < 0) {
      throw new IllegalArgumentException("quantity " + quantity + " (expected: >= 0)");
    }
  }

  Share withQuantity(int other) {
    return new Share(other, generation);
  }

  Share withGeneration(long other) {
    return new Share(quantity, other);
  }
}
