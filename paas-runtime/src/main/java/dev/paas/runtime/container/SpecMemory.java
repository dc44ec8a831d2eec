package dev.paas.runtime.container;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.InstanceSpec;

/**
 * The room that the specs of all instances take together, in bytes: they are held in memory, and
 * read at the next start.
 */
public final class SpecMemory {

  private final long most;

  /** Guarded by this. */
  private long taken;

  /**
   * @param most bytes of all specs together
   */
  public SpecMemory(long most) {
    this.most = most;
  }

  /**
   * Takes room for the spec of an instance that is about to start.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.too-much-config}
   */
  public synchronized void take(InstanceSpec spec) {
    if (taken + spec.getSerializedSize() > most) {
      throw Problem.of(
              Kind.OVER_LIMIT,
              "instance.too-much-config",
              "The arguments and variables of all instances are more than this host keeps",
              (most >> 20) + " MiB",
              "Scale down, or take large values out of the config.")
          .asException();
    }
    taken += spec.getSerializedSize();
  }

  /** Takes room for the spec of an instance that is there already: it goes on in any case. */
  public synchronized void adopt(InstanceSpec spec) {
    taken += spec.getSerializedSize();
  }

  /** Gives the room of a spec back. */
  public synchronized void free(InstanceSpec spec) {
    taken -= spec.getSerializedSize();
  }
}
