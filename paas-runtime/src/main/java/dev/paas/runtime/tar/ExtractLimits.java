package dev.paas.runtime.tar;

/**
 * What one layer may unpack to.
 *
 * @param maxBytes sum of all files
 * @param maxEntries files, directories, links
 */
public record ExtractLimits(long maxBytes, int maxEntries) {

  /** Four times the largest image in wide use (a machine-learning base). */
  public static final ExtractLimits LAYER = new ExtractLimits(32L << 30, 1_000_000);

  /** The same for a layer that there is only so much room for. */
  public ExtractLimits atMost(long bytes) {
    return new ExtractLimits(Math.min(maxBytes, bytes), maxEntries);
  }

  /** One segment of a path (NAME_MAX). */
  public static final int MAX_NAME = 255;

  /** A whole path (PATH_MAX). */
  public static final int MAX_PATH = 4095;

  /** Deep enough for node_modules; bounds the recursion of those who walk. */
  static final int MAX_DEPTH = 256;
}
