package dev.paas.api.fake;

import com.google.protobuf.ByteString;
import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.RuntimeMessages;
import dev.paas.api.scheduler.Session;
import dev.paas.api.scheduler.SessionSpec;
import dev.paas.api.scheduler.TerminalSize;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.Terminal;
import java.time.Duration;
import java.util.Optional;

/** Turns the scheduler's sessions into what paas-runtimed sends, and back. */
final class FakeSessionMessages {

  private FakeSessionMessages() {}

  static SessionSpec spec(StartSessionRequest sent) {
    SessionSpec.Place place =
        sent.hasInside()
            ? new SessionSpec.Inside(
                RuntimeMessages.name(sent.getInside()), sent.getArgvList(), sent.getEnvMap())
            : new SessionSpec.Apart(FakeMessages.spec(sent.getRun()));
    return new SessionSpec(
        sent.getId(),
        place,
        sent.hasTerminal() ? Optional.of(size(sent.getTerminal())) : Optional.empty(),
        sent.getStdin(),
        Duration.ofSeconds(sent.getUnattendedSeconds()));
  }

  static TerminalSize size(Terminal sent) {
    return new TerminalSize(sent.getColumns(), sent.getRows());
  }

  static dev.paas.contract.runtime.Session session(Session session) {
    var sent =
        dev.paas.contract.runtime.Session.newBuilder()
            .setId(session.id())
            .setInstance(RuntimeMessages.id(session.instance()))
            .setExec(session.exec())
            .addAllArgv(session.argv())
            .setTerminal(session.terminal())
            .setStartedAtMillis(session.startedAt().toEpochMilli())
            .setAttached(session.attached());
    session.exit().ifPresent(exit -> sent.setExit(FakeMessages.exit(exit)));
    return sent.build();
  }

  static AttachSessionEvent event(Attachment.Event event) {
    AttachSessionEvent.Builder sent = AttachSessionEvent.newBuilder();
    if (event instanceof Attachment.Attached attached) {
      return sent.setAttached(session(attached.session())).build();
    }
    if (event instanceof Attachment.OutputEnded) {
      return sent.setOutputClosed(true).build();
    }
    if (event instanceof Attachment.Dropped dropped) {
      return sent.setDropped(dropped.bytes()).build();
    }
    if (event instanceof Attachment.Ended ended) {
      return sent.setExit(FakeMessages.exit(ended.exit())).build();
    }
    Attachment.Output output = (Attachment.Output) event;
    return sent.setOutput(
            AttachSessionEvent.Output.newBuilder()
                .setData(ByteString.copyFrom(output.bytes()))
                .setStderr(output.stderr())
                .setPosition(output.position()))
        .build();
  }
}
