package dev.paas.api.buildvars;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an app's builds get beside its files, in one version, unsealed.
 *
 * @param version 0 before the first change, then 1, 2, …
 * @param vars may end up in the image: the file says so
 * @param secrets are seen by the steps that ask for them, and kept nowhere
 */
public record BuildVars(
    int version, SortedMap<String, String> vars, SortedMap<String, String> secrets) {

  /** What an app has before anybody sets one. */
  public static final BuildVars NONE = new BuildVars(0, new TreeMap<>(), new TreeMap<>());

  public BuildVars {
    vars = Collections.unmodifiableSortedMap(new TreeMap<>(vars));
    secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
  }

  /** Names and version only. */
  @Override
  public String toString() {
    return "BuildVars["
        + "version="
        + version
        + ", vars="
        + vars.keySet()
        + ", secrets="
        + secrets.keySet()
        + "]";
  }
}
