package dev.paas.runtime.rpc;

import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.DoctorResponse;
import dev.paas.contract.runtime.DropCachesResponse;
import dev.paas.contract.runtime.GetInfoResponse;
import dev.paas.contract.runtime.RemoveAppResponse;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.runtime.disk.DiskAccounts;
import dev.paas.runtime.doctor.Doctor;

/** The calls that concern the host as a whole, or all that an app has on it. */
public final class HostMethods implements RuntimeCalls.Group {

  private final GetInfoResponse info;
  private final Doctor doctor;
  private final AppRemoval removal;
  private final DiskAccounts disk;

  /** Removes all of an app. */
  public interface AppRemoval {
    void remove(AppName app) throws Exception;
  }

  /**
   * @param info what {@code GetInfo} answers
   */
  public HostMethods(GetInfoResponse info, Doctor doctor, AppRemoval removal, DiskAccounts disk) {
    this.info = info;
    this.doctor = doctor;
    this.removal = removal;
    this.disk = disk;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.answer(RuntimeGrpc.getGetInfoMethod(), request -> info);
    calls.answer(
        RuntimeGrpc.getDoctorMethod(),
        request -> DoctorResponse.newBuilder().addAllFindings(doctor.examine()).build());
    calls.stream(
        RuntimeGrpc.getRemoveAppMethod(),
        (request, outgoing) -> {
          removal.remove(new AppName(request.getApp()));
          outgoing.send(RemoveAppResponse.getDefaultInstance());
        });
    calls.stream(
        RuntimeGrpc.getMeasureDiskMethod(),
        (request, outgoing) -> outgoing.send(disk.measure(request)));
    calls.stream(
        RuntimeGrpc.getDropCachesMethod(),
        (request, outgoing) -> {
          disk.drop(request);
          outgoing.send(DropCachesResponse.getDefaultInstance());
        });
  }
}
