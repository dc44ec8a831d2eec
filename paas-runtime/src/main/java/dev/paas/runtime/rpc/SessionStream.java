package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import dev.paas.runtime.session.Attachment;
import dev.paas.runtime.session.Sessions;
import dev.paas.runtime.session.output.SessionSink;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the streams of one who is attached to a session: a thread for each direction, because
 * each may stand still on its own.
 */
final class SessionStream implements SessionSink {

  private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);

  private final Sessions sessions;
  private final Incoming<AttachSessionRequest> incoming;
  private final Outgoing<AttachSessionEvent> outgoing;

  /** Of the thread that feeds it. */
  private boolean inputOver;

  SessionStream(
      Sessions sessions,
      Incoming<AttachSessionRequest> incoming,
      Outgoing<AttachSessionEvent> outgoing) {
    this.sessions = sessions;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /** Returns when the command has ended and all it printed was sent, or the caller is gone. */
  void run() throws IOException, InterruptedException {
    AttachSessionRequest.Open open = incoming.first().getOpen();
    try (Attachment attachment = sessions.attach(open.getId())) {
      outgoing.send(AttachSessionEvent.newBuilder().setAttached(attachment.view()).build());
      Thread input = new Thread(() -> feed(attachment), "session-input");
      input.setDaemon(true);
      input.start();
      try {
        attachment.output(open.getPosition(), this);
        outgoing.send(AttachSessionEvent.newBuilder().setExit(attachment.exit()).build());
        incoming.drain(input);
      } finally {
        input.interrupt();
      }
    }
  }

  /** Signals and sizes still count when the command takes no more input. */
  private void input(Attachment attachment, AttachSessionRequest request)
      throws InterruptedException {
    if (inputOver) {
      return;
    }
    try {
      if (request.getStdinClosed()) {
        attachment.endInput();
      } else {
        attachment.input(request.getStdin());
      }
    } catch (CancellationException over) {
      inputOver = true;
    }
  }

  @Override
  public void output(ByteString data, boolean stderr, long position) {
    outgoing.send(
        AttachSessionEvent.newBuilder()
            .setOutput(
                AttachSessionEvent.Output.newBuilder()
                    .setData(data)
                    .setStderr(stderr)
                    .setPosition(position))
            .build());
  }

  @Override
  public void dropped(long bytes) {
    outgoing.send(AttachSessionEvent.newBuilder().setDropped(bytes).build());
  }

  private void feed(Attachment attachment) {
    try {
      while (incoming.hasNext()) {
        take(attachment, incoming.next());
      }
    } catch (InterruptedException | CancellationException over) {
      LOG.atDebug().log("session's input ends");
    } catch (RuntimeException | Error refused) {
      // The call's own thread may wait for output that does not come.
      outgoing.abort("AttachSession", refused);
    }
  }

  /** Whoever ends their half of the call has said nothing about the command's input. */
  private void take(Attachment attachment, AttachSessionRequest request)
      throws InterruptedException {
    switch (request.getPartCase()) {
      case STDIN, STDIN_CLOSED -> input(attachment, request);
      case SIZE -> attachment.resize(request.getSize());
      case SIGNAL -> attachment.signal(request.getSignal());
      case OPEN, PART_NOT_SET -> {}
    }
  }
}
