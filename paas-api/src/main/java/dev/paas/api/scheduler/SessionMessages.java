package dev.paas.api.scheduler;

import com.google.protobuf.ByteString;
import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import dev.paas.contract.runtime.Limits;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.Terminal;
import java.time.Instant;
import java.util.Optional;

/** Turns sessions as paas-runtimed sends them into the scheduler's words, and back. */
final class SessionMessages {

  private SessionMessages() {}

  static StartSessionRequest start(SessionSpec spec) {
    StartSessionRequest.Builder request =
        StartSessionRequest.newBuilder()
            .setId(spec.id())
            .setStdin(spec.stdin())
            .setUnattendedSeconds(Math.toIntExact(spec.unattended().toSeconds()));
    spec.terminal().ifPresent(size -> request.setTerminal(terminal(size)));
    if (spec.place() instanceof SessionSpec.Inside inside) {
      return request
          .setInside(RuntimeMessages.id(inside.instance()))
          .addAllArgv(inside.argv())
          .putAllEnv(inside.env())
          .build();
    }
    SessionSpec.Apart apart = (SessionSpec.Apart) spec.place();
    Limits limits =
        Limits.newBuilder()
            .setMemoryBytes(apart.as().memoryBytes())
            .setCpuMillis(apart.as().cpuMillis())
            .build();
    return request
        .setRun(RuntimeMessages.spec(apart.spec()).toBuilder().setLimits(limits))
        .setUser(apart.as().user())
        .setWorkingDir(apart.as().workingDir())
        .build();
  }

  private static Terminal terminal(TerminalSize size) {
    return Terminal.newBuilder().setColumns(size.columns()).setRows(size.rows()).build();
  }

  static Session session(dev.paas.contract.runtime.Session sent) {
    return new Session(
        sent.getId(),
        RuntimeMessages.name(sent.getInstance()),
        sent.getExec(),
        sent.getArgvList(),
        sent.getTerminal(),
        Instant.ofEpochMilli(sent.getStartedAtMillis()),
        sent.hasExit() ? Optional.of(RuntimeMessages.exit(sent.getExit())) : Optional.empty(),
        sent.getAttached());
  }

  static AttachSessionRequest open(String id, long position) {
    return AttachSessionRequest.newBuilder()
        .setOpen(AttachSessionRequest.Open.newBuilder().setId(id).setPosition(position))
        .build();
  }

  static AttachSessionRequest forward(InstanceName instance, int port) {
    return AttachSessionRequest.newBuilder()
        .setOpen(
            AttachSessionRequest.Open.newBuilder()
                .setInside(RuntimeMessages.id(instance))
                .setPort(port))
        .build();
  }

  static AttachSessionRequest stdin(byte[] bytes) {
    return AttachSessionRequest.newBuilder().setStdin(ByteString.copyFrom(bytes)).build();
  }

  static AttachSessionRequest stdinClosed() {
    return AttachSessionRequest.newBuilder().setStdinClosed(true).build();
  }

  static AttachSessionRequest size(TerminalSize size) {
    return AttachSessionRequest.newBuilder().setSize(terminal(size)).build();
  }

  static AttachSessionRequest signal(int number) {
    return AttachSessionRequest.newBuilder().setSignal(number).build();
  }

  /** Nothing for an event that this program does not know. */
  static Optional<Attachment.Event> event(AttachSessionEvent sent) {
    return switch (sent.getEventCase()) {
      case ATTACHED -> Optional.of(new Attachment.Attached(session(sent.getAttached())));
      case OUTPUT ->
          Optional.of(
              new Attachment.Output(
                  sent.getOutput().getData().toByteArray(),
                  sent.getOutput().getStderr(),
                  sent.getOutput().getPosition()));
      case EXIT -> Optional.of(new Attachment.Ended(RuntimeMessages.exit(sent.getExit())));
      case OUTPUT_CLOSED -> Optional.of(new Attachment.OutputEnded());
      case DROPPED -> Optional.of(new Attachment.Dropped(sent.getDropped()));
      case EVENT_NOT_SET -> Optional.empty();
    };
  }
}
