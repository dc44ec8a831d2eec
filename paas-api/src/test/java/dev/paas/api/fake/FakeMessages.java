package dev.paas.api.fake;

import com.google.protobuf.ByteString;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.LogLine;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.api.scheduler.Run;
import dev.paas.api.scheduler.RuntimeMessages;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.ListInstancesResponse;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.contract.runtime.RunOneOffEvent;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Turns the scheduler's words into what paas-runtimed sends, and back. */
final class FakeMessages {

  private static final Metadata.Key<byte[]> PROBLEM =
      Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private FakeMessages() {}

  static InstanceSpec spec(dev.paas.contract.runtime.InstanceSpec sent) {
    return new InstanceSpec(
        RuntimeMessages.name(sent.getId()),
        sent.getImage(),
        sent.getArgvList(),
        sent.getEnvMap(),
        sent.getPort(),
        sent.getRestart());
  }

  static LogQuery query(ReadLogsRequest sent) {
    return new LogQuery(
        new AppName(sent.getApp()),
        sent.getProcess(),
        sent.getSlot(),
        sent.getTail(),
        sent.getFollow(),
        Instant.EPOCH.plusNanos(sent.getSinceNanos()),
        sent.getContains());
  }

  static dev.paas.contract.runtime.Instance instance(Instance instance) {
    var sent =
        dev.paas.contract.runtime.Instance.newBuilder()
            .setId(RuntimeMessages.id(instance.name()))
            .setState(dev.paas.contract.runtime.Instance.State.valueOf(instance.state().name()))
            .setPid(instance.pid())
            .setAddress(instance.address())
            .setPort(instance.port())
            .addAllListening(instance.listening())
            .setStartedAtMillis(instance.startedAt().map(Instant::toEpochMilli).orElse(0L))
            .setRestarts(instance.restarts())
            .setMemoryBytes(instance.memoryBytes())
            .setMemoryLimitBytes(instance.memoryLimitBytes())
            .setCpuNanos(instance.cpuNanos())
            .setUnreachable(instance.unreachable());
    instance.lastExit().ifPresent(exit -> sent.setLastExit(exit(exit)));
    return sent.build();
  }

  static dev.paas.contract.runtime.Exit exit(Exit exit) {
    return dev.paas.contract.runtime.Exit.newBuilder()
        .setReason(dev.paas.contract.runtime.Exit.Reason.valueOf(exit.reason().name()))
        .setCode(exit.code())
        .setDetail(exit.detail())
        .setAtMillis(exit.at().toEpochMilli())
        .build();
  }

  static ListInstancesResponse instances(List<Instance> all, long deaths) {
    return ListInstancesResponse.newBuilder()
        .addAllInstances(all.stream().map(FakeMessages::instance).toList())
        .setDeaths(deaths)
        .build();
  }

  static InstanceEvent snapshot(List<Instance> all, long deaths) {
    return InstanceEvent.newBuilder().setSnapshot(instances(all, deaths)).build();
  }

  static InstanceEvent changed(Instance instance) {
    return InstanceEvent.newBuilder().setChanged(instance(instance)).build();
  }

  static InstanceEvent removed(InstanceName name) {
    return InstanceEvent.newBuilder().setRemoved(RuntimeMessages.id(name)).build();
  }

  static dev.paas.contract.runtime.LogLine line(LogLine line) {
    return dev.paas.contract.runtime.LogLine.newBuilder()
        .setAtNanos(ChronoUnit.NANOS.between(Instant.EPOCH, line.at()))
        .setId(RuntimeMessages.id(line.instance()))
        .setStderr(line.stderr())
        .setText(line.text())
        .build();
  }

  static RunOneOffEvent event(InstanceName of, Run.Event event) {
    RunOneOffEvent.Builder sent = RunOneOffEvent.newBuilder();
    if (event instanceof Run.Output output) {
      ByteString bytes = ByteString.copyFrom(output.bytes());
      return (output.stderr() ? sent.setStderr(bytes) : sent.setStdout(bytes)).build();
    }
    if (event instanceof Run.Ended ended) {
      return sent.setExit(exit(ended.exit())).build();
    }
    return sent.setStarted(RuntimeMessages.id(of)).build();
  }

  /** What a call fails with. */
  static StatusRuntimeException failure(Throwable failed) {
    if (!(failed instanceof PaasException expected)) {
      return Status.INTERNAL.withDescription(failed.toString()).asRuntimeException();
    }
    Problem problem = expected.problem();
    Metadata trailers = new Metadata();
    trailers.put(
        PROBLEM,
        dev.paas.contract.runtime.Problem.newBuilder()
            .setKind(dev.paas.contract.runtime.Problem.Kind.valueOf(problem.kind().name()))
            .setCode(problem.code())
            .setWhat(problem.what())
            .setValue(problem.value())
            .setFix(problem.fix())
            .build()
            .toByteArray());
    return Status.FAILED_PRECONDITION.asRuntimeException(trailers);
  }
}
