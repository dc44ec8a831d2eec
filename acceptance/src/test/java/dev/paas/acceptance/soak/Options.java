package dev.paas.acceptance.soak;

import java.util.List;

/**
 * What {@code bin/soak} was asked for; the script has checked the form.
 *
 * @param seconds of load
 * @param seed of everything that is chosen at random
 * @param json one object as the result in place of text
 */
record Options(long seconds, long seed, boolean json) {

  /** Reads {@code SECONDS SEED text|json}. */
  static Options of(List<String> arguments) {
    return new Options(
        Long.parseLong(arguments.get(0)),
        Long.parseLong(arguments.get(1)),
        arguments.get(2).equals("json"));
  }
}
