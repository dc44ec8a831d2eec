package dev.paas.api.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One version of an app's config vars, unsealed.
 *
 * @param version 0 before the first change, then 1, 2, …
 */
public record Config(int version, SortedMap<String, String> vars) {

  /** What an app has before anybody sets a variable. */
  public static final Config EMPTY = new Config(0, new TreeMap<>());

  public Config {
    vars = Collections.unmodifiableSortedMap(new TreeMap<>(vars));
  }

  /** Names and version only: values are secrets. */
  @Override
  public String toString() {
    return "Config[version=" + version + ", names=" + vars.keySet() + "]";
  }
}
