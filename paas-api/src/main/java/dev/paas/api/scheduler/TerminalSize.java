package dev.paas.api.scheduler;

/** The size of a terminal in characters, each from 1 to 65,535. */
public record TerminalSize(int columns, int rows) {

  private static final int MOST = 65_535;

  public TerminalSize {
    if (!isValid(columns) || !isValid(rows)) {
      throw new IllegalArgumentException("no terminal is " + columns + " by " + rows);
    }
  }

  /** Whether a terminal may have as many columns or rows. */
  public static boolean isValid(int characters) {
    return characters >= 1 && characters <= MOST;
  }
}
