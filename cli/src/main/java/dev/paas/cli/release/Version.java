package dev.paas.cli.release;

/** The number of a release: {@code v3}; people also write {@code 3}. */
final class Version {

  private Version() {}

  static String of(String text) {
    return text.matches("\\d+") ? "v" + text : text;
  }
}
