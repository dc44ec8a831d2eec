package dev.paas.router.harness;

import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.ToRouter;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The control plane's end of the socket, as paasd speaks it. */
public final class ControlPeer implements Closeable {

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  private ControlPeer(SocketChannel channel) {
    this.channel = channel;
    this.in = Channels.newInputStream(channel);
    this.out = Channels.newOutputStream(channel);
  }

  public static ControlPeer connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new ControlPeer(channel);
  }

  public void send(RouteTable table) throws IOException {
    send(ToRouter.newBuilder().setTable(table).build());
  }

  public void send(ToRouter message) throws IOException {
    message.writeDelimitedTo(out);
  }

  public void sendRaw(byte[] bytes) throws IOException {
    channel.write(ByteBuffer.wrap(bytes));
  }

  /** The next message of the router. */
  public FromRouter next() throws IOException {
    FromRouter message = FromRouter.parseDelimitedFrom(in);
    if (message == null) {
      throw new EOFException("the router closed the control connection");
    }
    return message;
  }

  /** Whether the router closes the connection, whatever it says before. */
  public boolean closedByRouter() throws IOException {
    while (true) {
      if (FromRouter.parseDelimitedFrom(in) == null) {
        return true;
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
