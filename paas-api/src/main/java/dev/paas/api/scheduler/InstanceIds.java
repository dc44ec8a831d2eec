package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.contract.runtime.InstanceId;

/** Names of instances as the runtime is sent them. */
public final class InstanceIds {

  private InstanceIds() {}

  public static InstanceName name(InstanceId id) {
    return new InstanceName(
        new AppName(id.getApp()),
        new ProcessType(id.getProcess()),
        id.getRelease(),
        id.getSlot(),
        id.getGeneration());
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
