package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.RunOneOffEvent;
import dev.paas.contract.runtime.RunOneOffRequest;
import dev.paas.runtime.sandbox.OneOffs;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a one-off process's streams: a thread for each direction, because each may stand still on
 * its own.
 */
final class OneOffStreams {

  private static final Logger LOG = LoggerFactory.getLogger(OneOffStreams.class);

  private static final int CHUNK = 32 << 10;

  private final OneOffs.OneOff oneOff;
  private final Incoming<RunOneOffRequest> incoming;
  private final Outgoing<RunOneOffEvent> outgoing;
  private final Duration grace;

  OneOffStreams(
      OneOffs.OneOff oneOff,
      Incoming<RunOneOffRequest> incoming,
      Outgoing<RunOneOffEvent> outgoing,
      Duration grace) {
    this.grace = grace;
    this.oneOff = oneOff;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /**
   * Returns when the process has ended and all it printed was sent. When the caller goes, the
   * process is asked to end, and has the grace period.
   */
  void run() throws InterruptedException {
    try {
      outgoing.send(RunOneOffEvent.newBuilder().setStarted(oneOff.id()).build());
      follow();
    } catch (InterruptedException | CancellationException gone) {
      oneOff.process().stop(grace);
      Exit exit = oneOff.process().await();
      LOG.atInfo()
          .addKeyValue("app", oneOff.id().getApp())
          .addKeyValue("exit", exit.getDetail())
          .log("one-off process ended after its caller had gone");
      throw gone;
    }
  }

  private void follow() throws InterruptedException {
    Thread in = thread("stdin", this::feed);
    Thread out =
        thread(
            "stdout",
            () ->
                pump(
                    oneOff.process().stdout(),
                    bytes -> RunOneOffEvent.newBuilder().setStdout(bytes).build()));
    Thread err =
        thread(
            "stderr",
            () ->
                pump(
                    oneOff.process().stderr(),
                    bytes -> RunOneOffEvent.newBuilder().setStderr(bytes).build()));
    try {
      out.join();
      err.join();
      Exit exit = oneOff.process().await();
      outgoing.send(RunOneOffEvent.newBuilder().setExit(exit).build());
    } finally {
      in.interrupt();
    }
  }

  private Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, "one-off-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Reads on when nobody takes it any more: a process that is to end must not wait for that. */
  private void pump(InputStream from, Function<ByteString, RunOneOffEvent> event) {
    byte[] buffer = new byte[CHUNK];
    boolean taken = true;
    try {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        taken = taken && sent(event.apply(ByteString.copyFrom(buffer, 0, n)));
      }
    } catch (IOException over) {
      LOG.atDebug().log("one-off's output ends");
    }
  }

  private boolean sent(RunOneOffEvent event) {
    try {
      outgoing.send(event);
      return true;
    } catch (CancellationException gone) {
      return false;
    }
  }

  private void feed() {
    try {
      while (incoming.hasNext()) {
        take(incoming.next());
      }
      oneOff.process().stdin().close();
    } catch (IOException | CancellationException over) {
      LOG.atDebug().log("one-off's input ends");
    }
  }

  private void take(RunOneOffRequest request) throws IOException {
    if (request.getSignal() > 0) {
      oneOff.process().signal(request.getSignal());
    } else if (request.getStdinClosed()) {
      oneOff.process().stdin().close();
    } else {
      request.getStdin().writeTo(oneOff.process().stdin());
      oneOff.process().stdin().flush();
    }
  }
}
