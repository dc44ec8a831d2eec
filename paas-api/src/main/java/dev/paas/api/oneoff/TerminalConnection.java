package dev.paas.api.oneoff;

import dev.paas.api.app.Apps;
import dev.paas.api.http.RoutedProblem;
import dev.paas.api.scheduler.Attachment;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One open terminal. All of it happens on its WebSocket's event loop, which nothing here blocks.
 *
 * <p>In either direction one message is under way: output is asked for when the one before has left
 * for the client, and the client is read again when the session has taken what it sent. So a slow
 * client holds back the program, a program that does not read holds back its client, and nothing
 * else waits for either.
 */
final class TerminalConnection {

  /** How long a client may take to say what it wants. */
  private static final Duration FIRST_MESSAGE = Duration.ofSeconds(10);

  /** After what kept it from being known whether a terminal's user may still have it. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** A client that has left so many pings in a row unanswered is gone. */
  private static final int UNANSWERED = 3;

  /** These are of RFC 6455 §7.4.1. */
  private static final short NORMAL = 1000;

  private static final short GOING_AWAY = 1001;
  private static final short NO_STATUS = 1005;
  private static final short ABNORMAL = 1006;
  private static final short POLICY = 1008;

  private final ServerWebSocket socket;
  private final Vertx vertx;
  private final Context context;
  private final TerminalStreams streams;
  private final Visit visit;
  private final long firstMessage;
  private final long pings;

  private boolean asked;
  private @Nullable Start started;
  private @Nullable Attachment attachment;
  private Flow.@Nullable Subscription output;

  /** The client is not read: what it sent is still to be taken. */
  private boolean held;

  private int unanswered;

  /** The session has ended, or this side closes for another reason. */
  private boolean closing;

  private boolean closed;

  /** The client has closed it with a word that ends the command. */
  private boolean hungUp;

  /** The client has closed it without a word. */
  private boolean abandoned;

  /** Whether its user may have it is to be asked once it is known who they are. */
  private boolean lookLater;

  /** It is being asked. */
  private boolean looking;

  /** A session that the first message has led to. */
  record Start(AppName app, TerminalDoor.Joined joined) {}

  /** What is asked for whoever has a terminal. */
  interface Visit {

    /** Reads the first message, and says how to do what it asks for, which may block. */
    Callable<Start> ask(String text);

    /**
     * Returns when they may still have it; may block.
     *
     * @throws PaasException when they may not
     */
    void still(Start begun);

    /** Hears once that it is closed. */
    void over();
  }

  /**
   * On its event loop.
   *
   * @param ping how often a silent client is asked whether it is there
   */
  TerminalConnection(
      ServerWebSocket socket, Vertx vertx, Duration ping, TerminalStreams streams, Visit visit) {
    this.socket = socket;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.streams = streams;
    this.visit = visit;
    this.firstMessage =
        vertx.setTimer(
            FIRST_MESSAGE.toMillis(),
            late -> {
              if (!asked) {
                refuse(TerminalFrame.bad("no first message"));
              }
            });
    this.pings = vertx.setPeriodic(ping.toMillis(), time -> ping());
  }

  void open() {
    socket.closeHandler(nothing -> closed());
    // What breaks it also closes it.
    socket.exceptionHandler(broken -> {});
    socket.pongHandler(pong -> unanswered = 0);
    socket.textMessageHandler(this::first);
    socket.binaryMessageHandler(this::next);
  }

  private void first(String text) {
    if (asked) {
      refuse(TerminalFrame.bad("a text after the first message"));
      return;
    }
    asked = true;
    Callable<Start> start;
    try {
      start = visit.ask(text);
    } catch (PaasException malformed) {
      refuse(malformed.problem());
      return;
    }
    hold();
    vertx
        .executeBlocking(
            () -> {
              Start begun = start.call();
              read(begun);
              return begun;
            },
            false)
        .onFailure(failed -> refuse(RoutedProblem.of(failed)));
  }

  /** Not on the event loop: whether the app is still there is asked of the database. */
  private void read(Start begun) {
    String id = begun.joined().id();
    context.runOnContext(nothing -> begun(begun));
    Attachment joined =
        begun
            .joined()
            .forward()
            .map(to -> streams.forward(to.instance(), to.port()))
            .orElseGet(() -> streams.attach(id, begun.joined().position()));
    context.runOnContext(
        nothing -> {
          attachment = joined;
          release();
        });
    streams
        .events(
            begun.app(),
            id,
            joined,
            TerminalFrame::of,
            TerminalFrame.of(Apps.destroyed(begun.app())))
        .subscribe(new Output());
  }

  private void begun(Start begun) {
    started = begun;
    if (closed) {
      // It was hung up on before there was anything to end.
      hangUp();
    } else if (lookLater) {
      lookAgain();
    }
  }

  /** Its user may do less than when it was opened: it is closed unless they may still have it. */
  void lookAgain() {
    context.runOnContext(
        nothing -> {
          Start begun = started;
          if (begun == null) {
            lookLater = true;
          } else if (!closed && !closing) {
            look(begun);
          }
        });
  }

  private void look(Start begun) {
    if (looking) {
      lookLater = true;
      return;
    }
    looking = true;
    lookLater = false;
    vertx
        .executeBlocking(
            () -> {
              visit.still(begun);
              return begun;
            },
            false)
        .onComplete(
            seen -> {
              looking = false;
              if (seen.failed()) {
                refused(begun, RoutedProblem.of(seen.cause()));
              } else if (lookLater) {
                lookAgain();
              }
            });
  }

  private void refused(Start begun, Problem problem) {
    if (isFinal(problem.kind())) {
      refuse(problem);
      if (begun.joined().own() && !begun.joined().goesOn()) {
        streams.hangUp(begun.joined().id());
      }
    } else if (!closed) {
      // It can't be said now, and nobody else will ask.
      vertx.setTimer(LOOK_AGAIN.toMillis(), time -> lookAgain());
    }
  }

  private static boolean isFinal(Problem.Kind kind) {
    return kind == Problem.Kind.UNAUTHENTICATED
        || kind == Problem.Kind.FORBIDDEN
        || kind == Problem.Kind.NOT_FOUND;
  }

  private void next(Buffer message) {
    Attachment to = attachment;
    if (to == null) {
      refuse(TerminalFrame.bad("a binary message before the first"));
      return;
    }
    CompletableFuture<Boolean> taken;
    try {
      taken = TerminalFrame.send(message, to);
    } catch (PaasException malformed) {
      refuse(malformed.problem());
      return;
    }
    if (!taken.isDone()) {
      hold();
      var unused = taken.whenComplete((yes, no) -> context.runOnContext(nothing -> release()));
    }
  }

  private void hold() {
    held = true;
    socket.pause();
  }

  private void release() {
    held = false;
    if (!closed) {
      socket.resume();
    }
  }

  /** While it is not read, or reads slowly, its silence says nothing. */
  private void ping() {
    // Tokens expire without a word.
    lookAgain();
    if (held || socket.writeQueueFull()) {
      unanswered = 0;
      return;
    }
    if (++unanswered > UNANSWERED) {
      close(GOING_AWAY);
      return;
    }
    var unused = socket.writePing(Buffer.buffer());
  }

  private void refuse(Problem problem) {
    if (!closing && !closed) {
      var unused = socket.writeBinaryMessage(TerminalFrame.of(problem));
      close(POLICY);
    }
  }

  private void close(short code) {
    closing = true;
    if (!closed) {
      var unused = socket.close(code);
    }
  }

  /** A client that closes with a word has hung up; one that just vanishes may come again. */
  private void closed() {
    closed = true;
    vertx.cancelTimer(firstMessage);
    vertx.cancelTimer(pings);
    if (output != null) {
      output.cancel();
    }
    Short code = socket.closeStatusCode();
    hungUp = code != null && (code == NORMAL || code == NO_STATUS) && !closing;
    abandoned = (code == null || code == ABNORMAL) && !closing;
    hangUp();
    visit.over();
  }

  private void hangUp() {
    Start begun = started;
    if (begun == null || begun.joined().goesOn()) {
      return;
    }
    if (hungUp) {
      streams.hangUp(begun.joined().id());
    } else if (abandoned && begun.joined().forward().isEmpty()) {
      streams.abandoned(begun.app(), begun.joined().id());
    }
  }

  /** Carries events to the client, one at a time. */
  private final class Output implements Flow.Subscriber<Buffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      context.runOnContext(
          nothing -> {
            output = subscription;
            if (closed) {
              subscription.cancel();
            } else {
              subscription.request(1);
            }
          });
    }

    @Override
    public void onNext(Buffer message) {
      context.runOnContext(nothing -> send(message));
    }

    private void send(Buffer message) {
      if (closed) {
        return;
      }
      var unused = socket.writeBinaryMessage(message);
      if (socket.writeQueueFull()) {
        socket.drainHandler(nothing -> more());
      } else {
        more();
      }
    }

    private void more() {
      Flow.Subscription from = output;
      if (from != null && !closed) {
        from.request(1);
      }
    }

    @Override
    public void onError(Throwable failed) {
      context.runOnContext(nothing -> refuse(RoutedProblem.of(failed)));
    }

    @Override
    public void onComplete() {
      context.runOnContext(nothing -> close(NORMAL));
    }
  }
}
