package dev.paas.api.run;

import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.contract.runtime.InstanceId;
import java.util.Comparator;

/**
 * Identity of one instance: a retry that uses the same key finds its own work.
 *
 * @param slot counted from 1: web.1, web.2
 * @param generation grows with each deliberate replacement of the slot within a release
 */
public record InstanceKey(
    AppName app, ProcessType process, ReleaseVersion release, int slot, long generation)
    implements Comparable<InstanceKey> {

  private static final Comparator<InstanceKey> ORDER =
      Comparator.comparing(InstanceKey::app)
          .thenComparing(InstanceKey::process)
          .thenComparing(InstanceKey::release)
          .thenComparingInt(InstanceKey::slot)
          .thenComparingLong(InstanceKey::generation);

  public static InstanceKey of(InstanceId id) {
    return new InstanceKey(
        new AppName(id.getApp()),
        new ProcessType(id.getProcess()),
        new ReleaseVersion(id.getRelease()),
        id.getSlot(),
        id.getGeneration());
  }

  public InstanceId id() {
    return InstanceId.newBuilder()
        .setApp(app.value())
        .setProcess(process.value())
        .setRelease(release.number())
        .setSlot(slot)
        .setGeneration(generation)
        .build();
  }

  /** Unique on the platform, e.g. {@code shop.v3.web.1.g0}. */
  public String name() {
    return app + "." + release + "." + process + "." + slot + ".g" + generation;
  }

  /** What people call it, e.g. {@code web.1}. */
  public String label() {
    return process + "." + slot;
  }

  @Override
  public int compareTo(InstanceKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name();
  }
}
