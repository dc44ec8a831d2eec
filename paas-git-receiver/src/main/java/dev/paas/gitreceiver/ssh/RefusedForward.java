package dev.paas.gitreceiver.ssh;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.AbstractServerChannel;

/**
 * A connection through this server ({@code ssh -L}, RFC 4254 §7.2), which is refused: the client
 * prints why.
 */
final class RefusedForward extends AbstractServerChannel {

  private static final String WHY =
      "this server connects to nothing; paas forward PORT reaches a port of an instance";

  private RefusedForward() {
    super("", List.of(), null);
  }

  @Override
  protected OpenFuture doInit(Buffer asked) {
    Session session = getSession();
    Buffer refusal = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
    refusal.putUInt(getRecipient());
    refusal.putUInt(SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED);
    refusal.putString(WHY);
    refusal.putString("");
    try {
      IoWriteFuture unused = session.writePacket(refusal);
    } catch (IOException gone) {
      session.exceptionCaught(gone);
    }
    // Or it counts among the channels of its connection.
    close(true);
    // Never done: for one that has failed the library sends an answer of its own, without a reason.
    return new DefaultOpenFuture(this, this);
  }

  @Override
  protected void doWriteData(byte[] data, int from, long length) throws IOException {
    throw new IOException("this channel was never open");
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int from, long length) throws IOException {
    throw new IOException("this channel was never open");
  }

  static final class Factory implements ChannelFactory {

    @Override
    public String getName() {
      return "direct-tcpip";
    }

    @Override
    public Channel createChannel(Session session) {
      return new RefusedForward();
    }
  }
}
