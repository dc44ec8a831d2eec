package dev.paas.api.formation;

import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is committed to serve.
 *
 * @param release nothing before the first
 * @param shares by process type; before the first release, what was asked for in advance
 * @param generation the highest that any instance of the app was given
 */
public record Formation(
    AppName app,
    Optional<ReleaseVersion> release,
    SortedMap<ProcessType, Share> shares,
    long generation) {

  public Formation {
    shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
  }

  static Formation none(AppName app) {
    return new Formation(app, Optional.empty(), new TreeMap<>(), 0);
  }

  /** Nothing before the first release. */
  public Optional<Target> target() {
    return release.map(version -> new Target(app, version, shares));
  }

  public SortedMap<ProcessType, Integer> quantities() {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    shares.forEach((process, share) -> quantities.put(process, share.quantity()));
    return quantities;
  }

  /** The goal of a deployment has become what serves. */
  public Formation with(Target goal) {
    long highest =
        goal.shares().values().stream().mapToLong(Share::generation).max().orElse(generation);
    return new Formation(
        app, Optional.of(goal.release()), goal.shares(), Math.max(generation, highest));
  }

  /** Quantities for a release to come. */
  public Formation with(SortedMap<ProcessType, Integer> quantities) {
    SortedMap<ProcessType, Share> changed = new TreeMap<>(shares);
    quantities.forEach((process, quantity) -> changed.put(process, new Share(quantity, 0)));
    return new Formation(app, release, changed, generation);
  }
}
