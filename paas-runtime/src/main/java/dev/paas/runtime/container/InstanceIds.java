package dev.paas.runtime.container;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.InstanceId;

/** Names of instances as the control plane sends them. */
public final class InstanceIds {

  private static final int MAX_SLOT = 100_000;

  /** Of releases and generations: with it, names of containers stay as short as they must be. */
  private static final long MAX_NUMBER = 999_999_999_999L;

  private InstanceIds() {}

  /**
   * @throws dev.paas.base.problem.PaasException {@code instance.bad-id}
   */
  public static InstanceName name(InstanceId id) {
    InstanceName name =
        new InstanceName(
            new AppName(id.getApp()),
            new ProcessType(id.getProcess()),
            id.getRelease(),
            id.getSlot(),
            id.getGeneration());
    boolean counted = isNumber(name.release()) && isNumber(name.generation()) && name.slot() >= 1;
    if (!counted || name.slot() > MAX_SLOT) {
      throw Problem.of(
              Kind.INVALID,
              "instance.bad-id",
              "This is not an instance's identity",
              name.toString(),
              "Count slots from 1, to "
                  + MAX_SLOT
                  + "; releases and generations from 0, to "
                  + MAX_NUMBER
                  + ".")
          .asException();
    }
    return name;
  }

  private static boolean isNumber(long given) {
    return given >= 0 && given <= MAX_NUMBER;
  }

  public static InstanceId of(InstanceName name) {
    return InstanceId.newBuilder()
        .setApp(name.app().value())
        .setProcess(name.process().value())
        .setRelease(name.release())
        .setSlot(name.slot())
        .setGeneration(name.generation())
        .build();
  }
}
