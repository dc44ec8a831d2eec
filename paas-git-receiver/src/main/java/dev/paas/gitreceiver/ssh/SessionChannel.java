package dev.paas.gitreceiver.ssh;

import dev.paas.gitreceiver.ClientTerminal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A channel that runs one command, with a terminal if the client asks for one. Agents, X11 and
 * subsystems are refused, as git hosts do.
 */
final class SessionChannel extends ChannelSession {

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");

  /** Ctrl-C, as a terminal sends it that passes on each key. */
  private static final byte END_OF_TEXT = 3;

  private volatile @Nullable ClientTerminal terminal;
  private volatile Runnable interrupt = () -> {};

  private SessionChannel() {
    super(List.of());
  }

  /** The terminal that the client sits at, if it has asked for one. */
  Optional<ClientTerminal> terminal() {
    return Optional.ofNullable(terminal);
  }

  /** Has it done when the client types Ctrl-C and no command has the keys. */
  void onInterrupt(Runnable step) {
    interrupt = step;
  }

  @Override
  protected RequestHandler.Result handlePtyReqParsed(
      String type, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes) {
    // It becomes the value of a variable.
    boolean usual = TYPE.matcher(type).matches();
    terminal = new ClientTerminal(usual ? type : "", new ClientTerminal.Size(columns, rows));
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleWindowChangeParsed(
      int columns, int rows, int width, int height) {
    ClientTerminal there = terminal;
    if (there == null) {
      return RequestHandler.Result.ReplyFailure;
    }
    there.resize(new ClientTerminal.Size(columns, rows));
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleSignalParsed(String name) {
    ClientTerminal there = terminal;
    Signal signal = Signal.get(name);
    if (there == null || signal == null) {
      return RequestHandler.Result.ReplyFailure;
    }
    there.signal(signal.getNumeric());
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected void doWriteData(byte[] data, int from, long length) throws IOException {
    ClientTerminal there = terminal;
    if (there != null && !there.isRaw()) {
      for (int at = from; at < from + length; at++) {
        if (data[at] == END_OF_TEXT) {
          interrupt.run();
        }
      }
    }
    super.doWriteData(data, from, length);
  }

  @Override
  protected RequestHandler.Result handleEnvParsed(String name, String value) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleAgentForwarding(
      String request, Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleX11Forwarding(
      String request, Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleSubsystem(
      String request, Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  /** Makes these channels. */
  static final class Factory extends ChannelSessionFactory {
    @Override
    public Channel createChannel(Session session) {
      return new SessionChannel();
    }
  }
}
