package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.contract.runtime.RunOneOffEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns what paas-runtimed sends into the scheduler's words, and back. During an upgrade it may be
 * newer than this program: a state or a reason that is not known here is {@code UNKNOWN}.
 */
public final class RuntimeMessages {

  private static final long NANOS = 1_000_000_000L;

  private RuntimeMessages() {}

  public static InstanceName name(InstanceId id) {
    return new InstanceName(
        new AppName(id.getApp()),
        new ProcessType(id.getProcess()),
        id.getRelease(),
        id.getSlot(),
        id.getGeneration());
  }

  public static InstanceId id(InstanceName name) {
    return InstanceId.newBuilder()
        .setApp(name.app().value())
        .setProcess(name.process().value())
        .setRelease(name.release())
        .setSlot(name.slot())
        .setGeneration(name.generation())
        .build();
  }

  static Instance instance(dev.paas.contract.runtime.Instance sent) {
    return new Instance(
        name(sent.getId()),
        state(sent.getState()),
        sent.getPid(),
        sent.getAddress(),
        sent.getPort(),
        sent.getListeningList(),
        sent.getStartedAtMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(sent.getStartedAtMillis())),
        sent.getRestarts(),
        sent.hasLastExit() ? Optional.of(exit(sent.getLastExit())) : Optional.empty(),
        sent.getMemoryBytes(),
        sent.getMemoryLimitBytes(),
        sent.getCpuNanos(),
        sent.getUnreachable());
  }

  private static Instance.State state(dev.paas.contract.runtime.Instance.State sent) {
    return switch (sent) {
      case STARTING -> Instance.State.STARTING;
      case RUNNING -> Instance.State.RUNNING;
      case BACKOFF -> Instance.State.BACKOFF;
      case EXITED -> Instance.State.EXITED;
      case STOPPING -> Instance.State.STOPPING;
      case STATE_UNSPECIFIED, UNRECOGNIZED -> Instance.State.UNKNOWN;
    };
  }

  static Exit exit(dev.paas.contract.runtime.Exit sent) {
    return new Exit(
        reason(sent.getReason()),
        sent.getCode(),
        sent.getDetail(),
        Instant.ofEpochMilli(sent.getAtMillis()));
  }

  private static Exit.Reason reason(dev.paas.contract.runtime.Exit.Reason sent) {
    return switch (sent) {
      case EXITED -> Exit.Reason.EXITED;
      case SIGNALLED -> Exit.Reason.SIGNALLED;
      case OOM_KILLED -> Exit.Reason.OOM_KILLED;
      case START_FAILED -> Exit.Reason.START_FAILED;
      case DISK_FULL -> Exit.Reason.DISK_FULL;
      case UNKNOWN, REASON_UNSPECIFIED, UNRECOGNIZED -> Exit.Reason.UNKNOWN;
    };
  }

  static dev.paas.contract.runtime.InstanceSpec spec(InstanceSpec spec) {
    return dev.paas.contract.runtime.InstanceSpec.newBuilder()
        .setId(id(spec.name()))
        .setImage(spec.image())
        .addAllArgv(spec.argv())
        .putAllEnv(spec.env())
        .setPort(spec.port())
        .setRestart(spec.restart())
        .build();
  }

  /** Nothing for an event that this program does not know. */
  static Optional<Run.Event> event(RunOneOffEvent sent) {
    return switch (sent.getEventCase()) {
      case STARTED -> Optional.of(new Run.Started());
      case STDOUT -> Optional.of(new Run.Output(sent.getStdout().toByteArray(), false));
      case STDERR -> Optional.of(new Run.Output(sent.getStderr().toByteArray(), true));
      case EXIT -> Optional.of(new Run.Ended(exit(sent.getExit())));
      case EVENT_NOT_SET -> Optional.empty();
    };
  }

  static LogLine line(dev.paas.contract.runtime.LogLine sent) {
    return new LogLine(
        name(sent.getId()),
        Instant.ofEpochSecond(sent.getAtNanos() / NANOS, sent.getAtNanos() % NANOS),
        sent.getStderr(),
        sent.getText(),
        kind(sent.getKind()));
  }

  private static LogLine.Kind kind(dev.paas.contract.runtime.LogLine.Kind sent) {
    return switch (sent) {
      case OUTPUT -> LogLine.Kind.OUTPUT;
      case NOTICE -> LogLine.Kind.NOTICE;
      case LIFE, UNRECOGNIZED -> LogLine.Kind.LIFE;
    };
  }

  /** A time before 1970 or beyond 2262 means all or nothing just as well. */
  private static long nanos(Instant at) {
    long seconds = Math.max(0, Math.min(at.getEpochSecond(), Long.MAX_VALUE / NANOS - 1));
    return seconds * NANOS + (at.getEpochSecond() == seconds ? at.getNano() : 0);
  }

  static ReadLogsRequest logs(LogQuery query) {
    return ReadLogsRequest.newBuilder()
        .setApp(query.app().value())
        .setProcess(query.process())
        .setSlot(query.slot())
        .setTail(query.tail())
        .setFollow(query.follow())
        .setSinceNanos(nanos(query.since()))
        .setContains(query.contains())
        .build();
  }
}
