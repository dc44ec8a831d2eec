package dev.paas.api.buildvars;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Hides secrets in lines that are shown and kept. */
public final class Mask {

  /** Shorter ones stand in ordinary words, in characters. */
  private static final int SHORTEST = 4;

  private static final String HIDDEN = "***";

  private final List<String> hidden;

  /**
   * @param secrets each line of one is hidden
   */
  public Mask(Collection<String> secrets) {
    this.hidden =
        secrets.stream()
            .flatMap(String::lines)
            .map(String::strip)
            .filter(line -> line.length() >= SHORTEST)
            .distinct()
            .sorted(Comparator.comparing(String::length).reversed())
            .toList();
  }

  /** The line with asterisks where a secret stood. */
  public String of(String line) {
    String shown = line;
    for (String secret : hidden) {
      shown = shown.replace(secret, HIDDEN);
    }
    return shown;
  }
}
