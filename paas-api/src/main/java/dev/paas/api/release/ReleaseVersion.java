package dev.paas.api.release;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.regex.Pattern;

/** The number of a release within its app, written {@code v3}. */
public record ReleaseVersion(long number) implements Comparable<ReleaseVersion> {

  private static final Pattern FORM = Pattern.compile("v?([1-9]\\d{0,17})");

  public ReleaseVersion {
    if (number < 1) {
      throw new IllegalArgumentException("release " + number + " (expected: >= 1)");
    }
  }

  /** Reads {@code v3} or {@code 3}. */
  public static ReleaseVersion parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "release.bad-version",
              "This is not a release",
              text,
              "Write it as it is listed, e.g. v3.")
          .asException();
    }
    return new ReleaseVersion(Long.parseLong(form.group(1)));
  }

  public ReleaseVersion next() {
    return new ReleaseVersion(number + 1);
  }

  @Override
  public int compareTo(ReleaseVersion other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "v" + number;
  }
}
