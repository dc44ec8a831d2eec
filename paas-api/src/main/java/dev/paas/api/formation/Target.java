package dev.paas.api.formation;

import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which instances of an app are wanted: one release and a share for each of its process types. Pure
 * arithmetic; the order of changes is the rollout's.
 */
public record Target(AppName app, ReleaseVersion release, SortedMap<ProcessType, Share> shares) {

  public Target {
    shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
  }

  /**
   * All of a new release, as many instances as the formation says: {@code web} once and others not
   * at all when it says nothing.
   */
  public static Target of(Release release, SortedMap<ProcessType, Integer> formation) {
    SortedMap<ProcessType, Share> shares = new TreeMap<>();
    quantities(release.processes().keySet(), formation)
        .forEach((process, quantity) -> shares.put(process, new Share(quantity, 0)));
    return new Target(release.app(), release.version(), shares);
  }

  /** How many instances a release with these process types has by the formation. */
  public static SortedMap<ProcessType, Integer> quantities(
      Set<ProcessType> processes, SortedMap<ProcessType, Integer> formation) {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    for (ProcessType process : processes) {
      int byDefault = process.equals(ProcessType.WEB) ? 1 : 0;
      quantities.put(process, formation.getOrDefault(process, byDefault));
    }
    return quantities;
  }

  /** The same instances, but exactly these quantities: kept slots keep their identity. */
  public Target scaled(SortedMap<ProcessType, Integer> quantities) {
    SortedMap<ProcessType, Share> changed = new TreeMap<>(shares);
    quantities.forEach(
        (process, quantity) ->
            changed.computeIfPresent(process, (same, share) -> share.withQuantity(quantity)));
    return new Target(app, release, changed);
  }

  /** New instances in the place of one process type's, or of all when none is named. */
  public Target replaced(@Nullable ProcessType only, long generation) {
    SortedMap<ProcessType, Share> changed = new TreeMap<>(shares);
    changed.replaceAll(
        (process, share) ->
            only == null || only.equals(process) ? share.withGeneration(generation) : share);
    return new Target(app, release, changed);
  }

  /** Every wanted instance. */
  public SortedSet<InstanceName> instances() {
    SortedSet<InstanceName> all = new TreeSet<>();
    shares.forEach(
        (process, share) -> {
          for (int slot = 1; slot <= share.quantity(); slot++) {
            all.add(new InstanceName(app, process, release.number(), slot, share.generation()));
          }
        });
    return all;
  }

  /** Whether an instance would be one of these if there were more of them. */
  public boolean hasKind(InstanceName key) {
    Share share = shares.get(key.process());
    return release.number() == key.release()
        && share != null
        && share.generation() == key.generation();
  }

  /** How many instances of each type. */
  public SortedMap<ProcessType, Integer> formation() {
    SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
    shares.forEach((process, share) -> quantities.put(process, share.quantity()));
    return quantities;
  }
}
