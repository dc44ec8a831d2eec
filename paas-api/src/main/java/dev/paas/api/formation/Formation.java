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
 * @param scales by process type; before the first release, what was asked for in advance
 * @param generation the highest that any instance of the app was given
 */
public record Formation(
    AppName app,
    Optional<ReleaseVersion> release,
    SortedMap<ProcessType, ProcessScale> scales,
    long generation) {

  public Formation {
    scales = Collections.unmodifiableSortedMap(new TreeMap<>(scales));
  }

  static Formation none(AppName app) {
    return new Formation(app, Optional.empty(), new TreeMap<>(), 0);
  }

  /** Nothing before the first release. */
  public Optional<DesiredInstances> target() {
    return release.map(version -> new DesiredInstances(app, version, scales));
  }

  public SortedMap<ProcessType, Integer> quantities() {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    scales.forEach((process, scale) -> quantities.put(process, scale.quantity()));
    return quantities;
  }

  /** The goal of a deployment has become what serves. */
  public Formation with(DesiredInstances goal) {
    long highest =
        goal.scales().values().stream()
            .mapToLong(ProcessScale::generation)
            .max()
            .orElse(generation);
    return new Formation(
        app, Optional.of(goal.release()), goal.scales(), Math.max(generation, highest));
  }

  /** Quantities for a release to come. */
  public Formation with(SortedMap<ProcessType, Integer> quantities) {
    SortedMap<ProcessType, ProcessScale> changed = new TreeMap<>(scales);
    quantities.forEach((process, quantity) -> changed.put(process, new ProcessScale(quantity, 0)));
    return new Formation(app, release, changed, generation);
  }
}
