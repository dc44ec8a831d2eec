package dev.paas.runtime.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.Terminal;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One who is attached to a session, and what they have seen of it. */
@SuppressWarnings("NullAway.Init")
final class TestSession
    implements ClientResponseObserver<AttachSessionRequest, AttachSessionEvent> {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private final Semaphore seen = new Semaphore(0);
  private final boolean slow;
  private ClientCallStreamObserver<AttachSessionRequest> call;
  private long position;
  private long dropped;

  /**
   * @param slow takes an event only when it is asked to
   */
  private TestSession(boolean slow) {
    this.slow = slow;
  }

  static TestSession attach(TestDaemon daemon, String id, long position) {
    return attach(daemon, id, position, false);
  }

  /** A connection to a port of an instance. */
  static TestSession forward(TestDaemon daemon, InstanceId inside, int port) {
    TestSession session = new TestSession(false);
    daemon.streaming().forward(session);
    session.send(
        AttachSessionRequest.newBuilder()
            .setOpen(AttachSessionRequest.Open.newBuilder().setInside(inside).setPort(port)));
    return session;
  }

  static TestSession attach(TestDaemon daemon, String id, long position, boolean slow) {
    TestSession session = new TestSession(slow);
    daemon.streaming().attachSession(session);
    session.send(
        AttachSessionRequest.newBuilder()
            .setOpen(AttachSessionRequest.Open.newBuilder().setId(id).setPosition(position)));
    return session;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AttachSessionRequest> stream) {
    call = stream;
    if (slow) {
      stream.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public synchronized void onNext(AttachSessionEvent event) {
    if (event.hasOutput()) {
      AttachSessionEvent.Output output = event.getOutput();
      byte[] data = output.getData().toByteArray();
      (output.getStderr() ? err : out).write(data, 0, data.length);
      position = output.getPosition();
    } else if (event.hasExit()) {
      exit.complete(event.getExit());
    } else {
      dropped += event.getDropped();
    }
    seen.release();
  }

  @Override
  public void onError(Throwable failed) {
    exit.completeExceptionally(failed);
    seen.release();
  }

  @Override
  public void onCompleted() {
    exit.completeExceptionally(new AssertionError("ended without an exit"));
    seen.release();
  }

  /** Takes all that comes from now on. */
  void readOn() {
    call.request(1 << 20);
  }

  private void send(AttachSessionRequest.Builder request) {
    call.onNext(request.build());
  }

  void type(String text) {
    type(text.getBytes(UTF_8));
  }

  void type(byte[] bytes) {
    send(AttachSessionRequest.newBuilder().setStdin(ByteString.copyFrom(bytes)));
  }

  void endInput() {
    send(AttachSessionRequest.newBuilder().setStdinClosed(true));
  }

  void resize(int columns, int rows) {
    send(
        AttachSessionRequest.newBuilder()
            .setSize(Terminal.newBuilder().setColumns(columns).setRows(rows)));
  }

  void signal(int number) {
    send(AttachSessionRequest.newBuilder().setSignal(number));
  }

  void detach() {
    call.cancel("detached", null);
  }

  synchronized byte[] bytes() {
    return out.toByteArray();
  }

  synchronized String out() {
    return out.toString(UTF_8);
  }

  synchronized String err() {
    return err.toString(UTF_8);
  }

  synchronized long position() {
    return position;
  }

  synchronized long dropped() {
    return dropped;
  }

  /** Returns when the output has this in it. */
  void until(String text) throws Exception {
    until(text, "");
  }

  /** Returns when the output has this in it behind something that it has already. */
  void until(String text, String behind) throws Exception {
    while (!has(text, behind)) {
      if (!seen.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new TimeoutException(text + " is not in: " + out() + err());
      }
      if (exit.isDone() && !has(text, behind)) {
        throw new AssertionError(exit + " before " + text + ": " + out() + err());
      }
    }
  }

  private boolean has(String text, String behind) {
    return out().indexOf(text, out().indexOf(behind)) >= 0;
  }

  Exit exit() throws Exception {
    return exit.get(60, TimeUnit.SECONDS);
  }

  int code() throws Exception {
    return exit().getCode();
  }
}
