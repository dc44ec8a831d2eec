package dev.paas.runtime.instance;

import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.InstanceId;

/**
 * An instance's identity, checked, and the names that derive from it: a retry finds its own work by
 * them.
 *
 * @param slot counts from 1
 */
record InstanceName(AppName app, ProcessType process, long release, int slot, long generation) {

  private static final int MAX_SLOT = 100_000;

  InstanceName {
    if (release < 0 || slot < 1 || slot > MAX_SLOT || generation < 0) {
      throw Problem.of(
              Kind.INVALID,
              "instance.bad-id",
              "This is not an instance's identity",
              app + "." + process + ".v" + release + "." + slot + ".g" + generation,
              "Count slots from 1; releases and generations are not negative.")
          .asException();
    }
  }

  static InstanceName of(InstanceId id) {
    return new InstanceName(
        new AppName(id.getApp()),
        new ProcessType(id.getProcess()),
        id.getRelease(),
        id.getSlot(),
        id.getGeneration());
  }

  /** E.g. {@code shop.web.v3.1.g0}: names of apps and process types have no dots. */
  String container() {
    return app + "." + process + ".v" + release + "." + slot + ".g" + generation;
  }

  /** What people call it, e.g. {@code web.1}. */
  String label() {
    return process + "." + slot;
  }

  /** What the instance is called inside, e.g. {@code web-1}. */
  String hostname() {
    return process + "-" + slot;
  }
}
