package dev.paas.base.name;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Finds the name that a person probably meant. */
public final class Nearest {

  /** Nobody slips in what is longer, and comparing takes the product of both lengths. */
  private static final int MAX_LENGTH = 256;

  private Nearest() {}

  /**
   * The known name with the smallest edit distance, if it is near enough to be a slip of the hand.
   */
  public static Optional<String> to(String given, Collection<String> known) {
    if (given.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    int near = Math.max(2, given.length() / 3);
    // Lengths that differ by more are further apart than that already.
    return known.stream()
        .filter(name -> Math.abs(name.length() - given.length()) <= near)
        .map(name -> Map.entry(distance(given, name), name))
        .filter(candidate -> candidate.getKey() <= near)
        .min(Map.Entry.<Integer, String>comparingByKey().thenComparing(Map.Entry::getValue))
        .map(Map.Entry::getValue);
  }

  /**
   * Damerau-Levenshtein distance (optimal string alignment): a swap of neighbours counts as one
   * edit.
   */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
