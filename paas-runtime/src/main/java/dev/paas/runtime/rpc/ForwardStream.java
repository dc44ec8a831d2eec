package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Session;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.duty.NamedThreads;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.network.NetworkNamespace;
import dev.paas.runtime.session.launch.RunningInstances;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a port of an instance, made inside its network namespace: a server that listens
 * on its loopback address alone is reached, too. A thread for each direction, each at the pace of
 * whoever reads; nothing is kept beyond one message. Either ends when it is interrupted, whatever
 * the server does: reads and writes of a channel end by that, those of a socket would not.
 */
final class ForwardStream {

  /** For a connection on a loopback address, which is answered at once or not at all. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Of the connection at once, in bytes. */
  private static final int CHUNK = 32 << 10;

  private static final int LAST_PORT = 65_535;

  private static final NamedThreads FEEDERS = new NamedThreads("forward-input");

  private static final Logger LOG = LoggerFactory.getLogger(ForwardStream.class);

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
    try (SocketChannel connection = connect(name, open.getPort())) {
      outgoing.send(
          AttachSessionEvent.newBuilder()
              .setAttached(Session.newBuilder().setInstance(open.getInside()))
              .build());
      Thread feeding = FEEDERS.newThread(() -> feed(connection));
      feeding.start();
      try {
        copy(connection);
        outgoing.send(AttachSessionEvent.newBuilder().setOutputClosed(true).build());
        sent.await();
        outgoing.send(
            AttachSessionEvent.newBuilder()
                .setExit(Exit.newBuilder().setReason(Exit.Reason.EXITED))
                .build());
        incoming.drain(feeding);
      } finally {
        feeding.interrupt();
      }
    }
  }

  private SocketChannel connect(InstanceName name, int port) throws IOException {
    if (port < 1 || port > LAST_PORT) {
      throw Problem.of(
              Kind.INVALID,
              "forward.bad-port",
              "This is no port",
              Integer.toString(port),
              "Name one from 1 to 65535.")
          .asException();
    }
    ProcessIdentity process =
        processes.apply(name).orElseThrow(() -> RunningInstances.absent(name));
    try (NetworkNamespace inside = NetworkNamespace.of(process.pid())) {
      // Opened first, compared second: what is open can't become somebody else's any more.
      if (!process.isAlive()) {
        throw RunningInstances.absent(name);
      }
      return inside.connect(port, PATIENCE);
    } catch (ConnectException refused) {
      throw refused(name, port, "Nobody listens on this port in the instance", refused);
    } catch (SocketTimeoutException silent) {
      throw refused(name, port, "The server at this port takes no more connections now", silent);
    } catch (IOException failed) {
      if (!process.isAlive()) {
        throw RunningInstances.absent(name);
      }
      throw failed;
    }
  }

  private static PaasException refused(
      InstanceName name, int port, String what, IOException cause) {
    return Problem.of(
            Kind.NOT_FOUND,
            "forward.refused",
            what,
            name.label() + ":" + port,
            "Name a port that a server of the instance listens on, and look at its logs.")
        .asException(cause);
  }

  private void copy(SocketChannel connection) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long position = 0;
    try {
      while (connection.read(chunk) >= 0) {
        chunk.flip();
        position += chunk.remaining();
        outgoing.send(
            AttachSessionEvent.newBuilder()
                .setOutput(
                    AttachSessionEvent.Output.newBuilder()
                        .setData(ByteString.copyFrom(chunk))
                        .setPosition(position))
                .build());
        chunk.clear();
      }
    } catch (IOException cut) {
      // Reset by the other side, or closed here because the caller is gone: both are its end.
      sent.countDown();
    }
  }

  /** A caller who is gone cuts the connection, which ends the reading of it, too. */
  private void feed(SocketChannel connection) {
    try {
      while (incoming.hasNext()) {
        take(connection, incoming.next());
      }
      connection.shutdownOutput();
    } catch (IOException over) {
      LOG.atDebug().setCause(over).log("nobody reads what is sent to a port");
    } catch (CancellationException gone) {
      close(connection);
    } catch (RuntimeException | Error failed) {
      // The call's own thread may wait for output that does not come.
      outgoing.abort("Forward", failed);
    } finally {
      sent.countDown();
    }
  }

  private void take(SocketChannel connection, AttachSessionRequest request) throws IOException {
    if (request.getPartCase() == AttachSessionRequest.PartCase.STDIN) {
      for (ByteBuffer part : request.getStdin().asReadOnlyByteBufferList()) {
        while (part.hasRemaining()) {
          connection.write(part);
        }
      }
    } else if (request.getStdinClosed()) {
      connection.shutdownOutput();
      sent.countDown();
    }
  }

  private static void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException closed) {
      return;
    }
  }
}
