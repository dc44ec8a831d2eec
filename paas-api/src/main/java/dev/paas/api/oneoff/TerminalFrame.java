package dev.paas.api.oneoff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.api.http.ProblemView;
import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.Attachment.Attached;
import dev.paas.api.scheduler.Attachment.Dropped;
import dev.paas.api.scheduler.Attachment.Ended;
import dev.paas.api.scheduler.Attachment.Output;
import dev.paas.api.scheduler.Attachment.OutputEnded;
import dev.paas.api.scheduler.TerminalSize;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The binary messages of a terminal: the first byte is the channel, the rest is its content. */
final class TerminalFrame {

  static final byte IN = 0;
  static final byte OUT = 1;
  static final byte ERR = 2;
  static final byte STATUS = 3;
  static final byte SIZE = 4;
  static final byte SIGNAL = 5;
  static final byte END_OF_INPUT = 6;

  private static final int MAX_SIGNAL = 31;

  /** A channel and two numbers of sixteen bits. */
  private static final int SIZE_LENGTH = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  private TerminalFrame() {}

  static Buffer of(Attachment.Event event) {
    if (event instanceof Output output) {
      byte[] bytes = output.bytes();
      return Buffer.buffer(bytes.length + 1)
          .appendByte(output.stderr() ? ERR : OUT)
          .appendBytes(bytes);
    }
    if (event instanceof Attached attached) {
      return status(
          "started",
          Map.of(
              "id", attached.session().id(),
              "instance", attached.session().instance().label()));
    }
    if (event instanceof Dropped dropped) {
      return status("dropped", dropped.bytes());
    }
    if (event instanceof OutputEnded) {
      return status("outputEnd", true);
    }
    Ended ended = (Ended) event;
    return status("exit", Map.of("code", ended.exit().code(), "detail", ended.exit().detail()));
  }

  static Buffer of(Problem problem) {
    return status("problem", ProblemView.of(problem));
  }

  private static Buffer status(String name, Object value) {
    try {
      return Buffer.buffer()
          .appendByte(STATUS)
          .appendBytes(JSON.writeValueAsBytes(Map.of(name, value)));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Hands a message of the client on to its session.
   *
   * @throws dev.paas.base.problem.PaasException {@code terminal.bad-message}, {@code
   *     terminal.bad-size}
   */
  static CompletableFuture<Boolean> send(Buffer message, Attachment to) {
    if (message.length() == 0) {
      throw bad("an empty message").asException();
    }
    byte channel = message.getByte(0);
    if (channel == IN) {
      return to.stdin(message.getBytes(1, message.length()));
    }
    if (channel == SIZE && message.length() == SIZE_LENGTH) {
      int columns = message.getUnsignedShort(1);
      int rows = message.getUnsignedShort(3);
      if (columns == 0 || rows == 0) {
        throw TerminalRequest.badSize(columns, rows).asException();
      }
      return to.resize(new TerminalSize(columns, rows));
    }
    if (channel == SIGNAL && message.length() == 2) {
      int number = message.getByte(1);
      if (number >= 1 && number <= MAX_SIGNAL) {
        return to.signal(number);
      }
    }
    if (channel == END_OF_INPUT && message.length() == 1) {
      return to.stdinClosed();
    }
    throw bad("channel " + channel + " with " + (message.length() - 1) + " bytes").asException();
  }

  static Problem bad(String what) {
    return Problem.of(
        Kind.INVALID,
        "terminal.bad-message",
        "A message of this terminal is not understood",
        what,
        "Send the messages that docs/api.md describes under Terminals.");
  }
}
