package dev.paas.api.formation;

import dev.paas.api.release.ProcessSpec;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which instances of an app are wanted: one release and the scale of each of its process types.
 * Pure arithmetic; the order of changes is the rollout's.
 */
public record DesiredInstances(
    AppName app, ReleaseVersion release, SortedMap<ProcessType, ProcessScale> scales) {

  public DesiredInstances {
    scales = Collections.unmodifiableSortedMap(new TreeMap<>(scales));
  }

  /**
   * All of a new release, as many instances as the formation says: one of each routable process
   * type and none of the others when it says nothing.
   */
  public static DesiredInstances of(Release release, SortedMap<ProcessType, Integer> formation) {
    SortedMap<ProcessType, ProcessScale> scales = new TreeMap<>();
    quantities(release.processes(), formation)
        .forEach((process, quantity) -> scales.put(process, new ProcessScale(quantity, 0)));
    return new DesiredInstances(release.app(), release.version(), scales);
  }

  /** How many instances a release with these process types has by the formation. */
  public static SortedMap<ProcessType, Integer> quantities(
      SortedMap<ProcessType, ProcessSpec> processes, SortedMap<ProcessType, Integer> formation) {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    processes.forEach(
        (process, spec) ->
            quantities.put(process, formation.getOrDefault(process, spec.quantityByDefault())));
    return quantities;
  }

  /** The same instances, but exactly these quantities: kept slots keep their identity. */
  public DesiredInstances scaled(SortedMap<ProcessType, Integer> quantities) {
    SortedMap<ProcessType, ProcessScale> changed = new TreeMap<>(scales);
    quantities.forEach(
        (process, quantity) ->
            changed.computeIfPresent(process, (same, scale) -> scale.withQuantity(quantity)));
    return new DesiredInstances(app, release, changed);
  }

  /** New instances in the place of one process type's, or of all when none is named. */
  public DesiredInstances replaced(@Nullable ProcessType only, long generation) {
    SortedMap<ProcessType, ProcessScale> changed = new TreeMap<>(scales);
    changed.replaceAll(
        (process, scale) ->
            only == null || only.equals(process) ? scale.withGeneration(generation) : scale);
    return new DesiredInstances(app, release, changed);
  }

  /** Every wanted instance. */
  public SortedSet<InstanceName> instances() {
    SortedSet<InstanceName> all = new TreeSet<>();
    scales.forEach(
        (process, scale) -> {
          for (int slot = 1; slot <= scale.quantity(); slot++) {
            all.add(new InstanceName(app, process, release.number(), slot, scale.generation()));
          }
        });
    return all;
  }

  /** Whether an instance would be one of these if there were more of them. */
  public boolean hasKind(InstanceName key) {
    ProcessScale scale = scales.get(key.process());
    return release.number() == key.release()
        && scale != null
        && scale.generation() == key.generation();
  }

  /** How many instances there are of all types. */
  public int quantity() {
    return scales.values().stream().mapToInt(ProcessScale::quantity).sum();
  }

  /** How many instances of each type. */
  public SortedMap<ProcessType, Integer> formation() {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    scales.forEach((process, scale) -> quantities.put(process, scale.quantity()));
    return quantities;
  }
}
