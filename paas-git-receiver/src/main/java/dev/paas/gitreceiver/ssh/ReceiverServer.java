package dev.paas.gitreceiver.ssh;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.key.SshPublicKey;
import dev.paas.gitreceiver.receive.PushReceiver;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.global.OpenSshHostKeysHandler;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SSH server that takes pushes and runs commands. Public keys are the only way in, the key says
 * who it is, and the user name of the client does not matter.
 */
public final class ReceiverServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReceiverServer.class);

  static final AttributeKey<Identity> IDENTITY = new AttributeKey<>();

  /** Channels of one connection: git needs one; connection sharing (ControlMaster) some more. */
  private static final int MAX_CHANNELS = 4;

  private static final Duration THREAD_IDLE = Duration.ofSeconds(30);

  private final Repositories repositories;
  private final ControlPlane controlPlane;
  private final PushReceiver pushes;
  private final KeepAlive keepAlive;
  private final HostKey hostKey;
  private final SshServer server;
  private final ThreadPoolExecutor commands;

  /**
   * A server that is not started yet.
   *
   * @param hostKeyFolder where the host key is or will be made; only its owner may enter it
   */
  public ReceiverServer(
      PlatformSettings.Ssh settings,
      Path hostKeyFolder,
      Repositories repositories,
      ControlPlane controlPlane)
      throws IOException {
    this.repositories = repositories;
    this.controlPlane = controlPlane;
    this.pushes = new PushReceiver(settings, repositories, controlPlane);
    this.keepAlive = new KeepAlive(settings);
    this.hostKey = HostKey.in(hostKeyFolder);
    this.commands = commandThreads(settings.maxSessions() * MAX_CHANNELS);
    this.server = configured(settings);
  }

  private static ThreadPoolExecutor commandThreads(int max) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        max,
        THREAD_IDLE.toMillis(),
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        work -> new Thread(work, "ssh-command-" + number.incrementAndGet()));
  }

  private SshServer configured(PlatformSettings.Ssh settings) {
    SshServer configured = SshServer.setUpDefaultServer();
    configured.setHost(settings.listen().host());
    configured.setPort(settings.listen().port());
    Algorithms.restrict(configured);
    configured.setKeyPairProvider(KeyPairProvider.wrap(hostKey.pair()));
    configured.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    configured.setPublickeyAuthenticator(this::authenticate);
    configured.setChannelFactories(
        List.of(new SessionChannel.Factory(), new RefusedForward.Factory()));
    configured.setGlobalRequestHandlers(
        List.of(
            KeepAliveHandler.INSTANCE,
            NoMoreSessionsHandler.INSTANCE,
            OpenSshHostKeysHandler.INSTANCE));
    configured.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    configured.setSubsystemFactories(List.of());
    configured.setShellFactory(channel -> new CommandTask(this, ""));
    configured.setCommandFactory((channel, line) -> new CommandTask(this, line));
    configured.addSessionListener(new ConnectionLimits(settings, commands));
    CoreModuleProperties.AUTH_TIMEOUT.set(configured, settings.authTimeout());
    CoreModuleProperties.IDLE_TIMEOUT.set(configured, settings.idleTimeout());
    // A client that is stopped in its terminal reads nothing for a while: that is no error.
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(configured, settings.idleTimeout());
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(configured, settings.maxAuthRequests());
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(configured, MAX_CHANNELS);
    CoreModuleProperties.TCP_NODELAY.set(configured, true);
    CoreModuleProperties.SOCKET_KEEPALIVE.set(configured, true);
    CoreModuleProperties.SERVER_IDENTIFICATION.set(configured, "PAAS");
    return configured;
  }

  /**
   * Listens from now on, and meanwhile removes what a killed process left in the repositories.
   *
   * @throws IOException when the address is taken
   */
  public void start() throws IOException {
    List<AppName> all = repositories.all();
    repositories.sweepArrivals();
    server.start();
    execute(() -> all.forEach(this::tidy));
  }

  /** What fails here is the operator's, and the next push tries again. */
  void tidy(AppName app) {
    try {
      if (repositories.exists(app)) {
        repositories.tidy(app);
      }
    } catch (IOException | RuntimeException failed) {
      LOG.atWarn().addKeyValue("app", app).setCause(failed).log("repository not tidied");
    }
  }

  /** The port that the server listens on: chosen by the system when the setting says 0. */
  public int port() {
    return server.getPort();
  }

  /** What clients write to known_hosts. */
  public SshPublicKey hostKey() {
    return hostKey.publicKey();
  }

  private boolean authenticate(String ignoredUser, PublicKey offered, ServerSession session) {
    SshPublicKey key;
    try {
      key = SshPublicKey.of(offered);
    } catch (PaasException weakOrForeign) {
      return false;
    }
    var identity = controlPlane.authenticate(key, address(session));
    session.removeAttribute(IDENTITY);
    identity.ifPresent(known -> session.setAttribute(IDENTITY, known));
    return identity.isPresent();
  }

  private static String address(ServerSession session) {
    return session.getClientAddress() instanceof InetSocketAddress peer && !peer.isUnresolved()
        ? peer.getAddress().getHostAddress()
        : "";
  }

  void execute(Runnable command) {
    commands.execute(command);
  }

  Repositories repositories() {
    return repositories;
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  PushReceiver pushes() {
    return pushes;
  }

  KeepAlive keepAlive() {
    return keepAlive;
  }

  /** Closes the listening socket and every connection; commands see their client hang up. */
  @Override
  public void close() throws IOException {
    server.stop(true);
    keepAlive.close();
    commands.shutdown();
  }
}
