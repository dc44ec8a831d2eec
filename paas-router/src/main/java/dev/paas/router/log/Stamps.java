package dev.paas.router.log;

import java.time.Instant;

/** Moments in ISO 8601, in UTC with milliseconds; the text of a second is made once. */
final class Stamps {

  private static final long SECOND = 1000;

  private volatile Second last = second(0);

  /**
   * @param millis since 1970
   */
  String of(long millis) {
    long number = Math.floorDiv(millis, SECOND);
    Second second = last;
    if (second.number != number) {
      second = second(number);
      last = second;
    }
    int rest = (int) (millis - number * SECOND);
    String zeroes = rest < 10 ? "00" : rest < 100 ? "0" : "";
    return second.text + zeroes + rest + "Z";
  }

  private static Second second(long number) {
    String text = Instant.ofEpochSecond(number).toString();
    return new Second(number, text.substring(0, text.length() - 1) + ".");
  }

  private record Second(long number, String text) {}
}
