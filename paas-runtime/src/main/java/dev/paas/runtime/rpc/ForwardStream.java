package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Session;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.network.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * One connection to a port of an instance, made inside its network namespace: a server that listens
 * on its loopback address alone is reached, too. A thread for each direction, each at the pace of
 * whoever reads; nothing is kept beyond one message.
 */
final class ForwardStream {

  /** For a connection on a loopback address, which is answered at once or not at all. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Of the connection at once, in bytes. */
  private static final int CHUNK = 32 << 10;

  private static final int LAST_PORT = 65_535;

  private final Function<InstanceName, Optional<ProcessIdentity>> processes;
  private final Incoming<AttachSessionRequest> incoming;
  private final Outgoing<AttachSessionEvent> outgoing;
  private final CountDownLatch sent = new CountDownLatch(1);

  ForwardStream(
      Function<InstanceName, Optional<ProcessIdentity>> processes,
      Incoming<AttachSessionRequest> incoming,
      Outgoing<AttachSessionEvent> outgoing) {
    this.processes = processes;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /** Returns when both directions have ended, or the caller is gone. */
  void run() throws IOException, InterruptedException {
    AttachSessionRequest.Open open = incoming.first().getOpen();
    InstanceName name = InstanceIds.name(open.getInside());
    try (Socket socket = connect(name, open.getPort())) {
      outgoing.send(
          AttachSessionEvent.newBuilder()
              .setAttached(Session.newBuilder().setInstance(open.getInside()))
              .build());
      Thread feeding = new Thread(() -> feed(socket), "forward-input");
      feeding.setDaemon(true);
      feeding.start();
      try {
        copy(socket);
        outgoing.send(AttachSessionEvent.newBuilder().setOutputClosed(true).build());
        sent.await();
        outgoing.send(
            AttachSessionEvent.newBuilder()
                .setExit(Exit.newBuilder().setReason(Exit.Reason.EXITED))
                .build());
      } finally {
        feeding.interrupt();
      }
    }
  }

  private Socket connect(InstanceName name, int port) throws IOException {
    if (port < 1 || port > LAST_PORT) {
      throw Problem.of(
              Kind.INVALID,
              "forward.bad-port",
              "This is no port",
              Integer.toString(port),
              "Name one from 1 to 65535.")
          .asException();
    }
    ProcessIdentity process = processes.apply(name).orElseThrow(() -> notRunning(name));
    try (NetworkNamespace inside = NetworkNamespace.of(process.pid())) {
      // Opened first, compared second: what is open can't become somebody else's any more.
      if (!process.isAlive()) {
        throw notRunning(name);
      }
      return inside.connect(port, PATIENCE);
    } catch (ConnectException refused) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "forward.refused",
              "Nobody listens on this port in the instance",
              name.label() + ":" + port,
              "See what listens with paas ps --json, or start the server.")
          .asException(refused);
    }
  }

  private static RuntimeException notRunning(InstanceName name) {
    return Problem.of(
            Kind.NOT_FOUND,
            "instance.not-running",
            "There is no such instance, or it does not run now",
            name.toString(),
            "See paas ps for those that run.")
        .asException();
  }

  private void copy(Socket socket) {
    byte[] chunk = new byte[CHUNK];
    long position = 0;
    try {
      InputStream in = socket.getInputStream();
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        position += n;
        outgoing.send(
            AttachSessionEvent.newBuilder()
                .setOutput(
                    AttachSessionEvent.Output.newBuilder()
                        .setData(ByteString.copyFrom(chunk, 0, n))
                        .setPosition(position))
                .build());
      }
    } catch (IOException cut) {
      // Reset by the other side, or closed here because the caller is gone: both are its end.
      sent.countDown();
    }
  }

  /** A caller who is gone cuts the connection, which ends the reading of it, too. */
  private void feed(Socket socket) {
    try {
      while (incoming.hasNext()) {
        AttachSessionRequest next = incoming.next();
        if (next.getPartCase() == AttachSessionRequest.PartCase.STDIN) {
          next.getStdin().writeTo(socket.getOutputStream());
        } else if (next.getStdinClosed()) {
          socket.shutdownOutput();
          sent.countDown();
        }
      }
    } catch (IOException readsNoMore) {
      sent.countDown();
    } catch (CancellationException gone) {
      close(socket);
    } finally {
      sent.countDown();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      return;
    }
  }
}
