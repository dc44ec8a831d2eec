package dev.paas.runtime.tar;

import java.util.ArrayList;
import java.util.List;

/** Paths of archive entries, brought to the form {@code a/b/c} or refused. */
public final class SafePath {

  private SafePath() {}

  /**
   * The path relative to the archive's root; the empty path is the root itself. Leading slashes and
   * {@code .} segments say nothing and go; {@code ..} is refused even where it would stay inside.
   */
  public static String of(String raw) {
    if (raw.length() > ExtractLimits.MAX_PATH) {
      throw BadTar.unsafe("a path is longer than " + ExtractLimits.MAX_PATH + " bytes", raw);
    }
    List<String> segments = new ArrayList<>();
    for (String segment : raw.split("/")) {
      if (segment.equals("..")) {
        throw BadTar.unsafe("a path climbs with ..", raw);
      }
      if (segment.length() > ExtractLimits.MAX_NAME) {
        throw BadTar.unsafe("a name is longer than " + ExtractLimits.MAX_NAME + " bytes", raw);
      }
      if (segment.indexOf('\0') >= 0) {
        throw BadTar.unsafe("a path contains NUL", raw);
      }
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    if (segments.size() > ExtractLimits.MAX_DEPTH) {
      throw BadTar.unsafe("a path is deeper than " + ExtractLimits.MAX_DEPTH, raw);
    }
    return String.join("/", segments);
  }
}
