package dev.paas.api.release;

import dev.paas.api.config.ConfigVars;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What people are told of a release that has other config vars: their names, never the values. */
final class ConfigChangeText {

  /** Names of one kind that are shown, in characters: a description has room for two such lists. */
  private static final int MOST = 120;

  private ConfigChangeText() {}

  /** E.g. {@code Set GREETING, KEY; unset COLOUR}. */
  static String of(SortedMap<String, String> before, SortedMap<String, String> after) {
    List<String> set = new ArrayList<>();
    List<String> unset = new ArrayList<>();
    ConfigVars.differences(before, after)
        .forEach(name -> (after.containsKey(name) ? set : unset).add(name));
    if (set.isEmpty() && unset.isEmpty()) {
      return "Config vars as before";
    } else if (set.isEmpty()) {
      return "Unset " + names(unset);
    }
    return "Set " + names(set) + (unset.isEmpty() ? "" : "; unset " + names(unset));
  }

  private static String names(List<String> names) {
    StringBuilder text = new StringBuilder(names.get(0));
    int shown = 1;
    while (shown < names.size() && text.length() + names.get(shown).length() < MOST) {
      text.append(", ").append(names.get(shown++));
    }
    int more = names.size() - shown;
    return more == 0 ? text.toString() : text + " and " + more + " more";
  }
}
