package dev.paas.builder.buildpack.other;

import java.util.List;

/**
 * A language that is recognised but not built.
 *
 * @param name as people say it
 * @param sure whether its files say more about an app than a package.json or a page beside them
 * @param files paths of which one shows it
 * @param endings of names in the root of which one shows it
 * @param dockerfile to start from, which builds on Docker as well; {@code @NAME@} is the name of
 *     the file that was found, without its ending
 */
record Language(
    String name, boolean sure, List<String> files, List<String> endings, String dockerfile) {

  /** One whose files are found even beside a package.json. */
  static Language sure(String name, List<String> files, String dockerfile) {
    return new Language(name, true, files, List.of(), dockerfile);
  }

  /** One whose files are often no more than a part of something else. */
  static Language unsure(String name, List<String> files, String dockerfile) {
    return new Language(name, false, files, List.of(), dockerfile);
  }

  /** The same, also shown by names that end so. */
  Language orNamed(String... more) {
    return new Language(name, sure, files, List.of(more), dockerfile);
  }
}
