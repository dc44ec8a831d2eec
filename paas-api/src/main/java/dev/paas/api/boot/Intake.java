package dev.paas.api.boot;

import dev.paas.api.building.BuildWork;
import dev.paas.api.push.PushWork;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Starts and stops what takes pushes and builds them. */
@Singleton
class Intake {

  private final BuildWork builds;
  private final PushWork pushes;
  private final SshListener ssh;

  Intake(BuildWork builds, PushWork pushes, SshListener ssh) {
    this.builds = builds;
    this.pushes = pushes;
    this.ssh = ssh;
  }

  void start() throws IOException {
    builds.start();
    pushes.start();
    ssh.start();
  }

  void close() throws Exception {
    try {
      ssh.close();
    } finally {
      pushes.close();
      builds.close();
    }
  }
}
