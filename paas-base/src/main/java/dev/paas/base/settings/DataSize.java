package dev.paas.base.settings;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written with a binary unit: {@code 512MiB}, {@code 2GiB}; {@code 512M} means
 * the same.
 */
public record DataSize(long bytes) implements Comparable<DataSize> {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,15})\\s*([KMGT]?)(I?B)?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "KMGT";

  public static DataSize ofMebibytes(long mebibytes) {
    return new DataSize(mebibytes << 20);
  }

  public static DataSize parse(String text) {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw Problem.of(
              Kind.INVALID,
              "size.invalid",
              "This is not a size",
              text,
              "Write a number and a unit, e.g. 512MiB or 2GiB.")
          .asException();
    }
    int unit = UNITS.indexOf(form.group(2).toUpperCase(Locale.ROOT)) + 1;
    int shift = form.group(2).isEmpty() ? 0 : unit * 10;
    return new DataSize(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift));
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    for (int unit = UNITS.length(); unit > 0; unit--) {
      long one = 1L << (unit * 10);
      if (bytes >= one && bytes % one == 0) {
        return bytes / one + String.valueOf(UNITS.charAt(unit - 1)) + "iB";
      }
    }
    return bytes + "B";
  }
}
