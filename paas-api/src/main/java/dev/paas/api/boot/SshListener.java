package dev.paas.api.boot;

import dev.paas.api.ssh.SshControlPlane;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.ssh.ReceiverServer;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for pushes and commands over SSH. */
@Singleton
class SshListener {

  private static final Logger LOG = LoggerFactory.getLogger(SshListener.class);

  private final PlatformSettings settings;
  private final Repositories repositories;
  private final SshControlPlane controlPlane;
  private @Nullable ReceiverServer server;

  SshListener(PlatformSettings settings, Repositories repositories, SshControlPlane controlPlane) {
    this.settings = settings;
    this.repositories = repositories;
    this.controlPlane = controlPlane;
  }

  void start() throws IOException {
    ReceiverServer starting =
        new ReceiverServer(
            Bootstrap.ssh(settings.ssh(), Bootstrap.openFiles()),
            settings.platform().data().resolve("db"),
            repositories,
            controlPlane);
    server = starting;
    starting.start();
    LOG.atInfo().addKeyValue("port", starting.port()).log("taking pushes");
  }

  /** Where it listens, 0 before it does; the system chose it when the setting says 0. */
  int port() {
    return server == null ? 0 : server.port();
  }

  void close() throws Exception {
    if (server != null) {
      server.close();
    }
  }
}
