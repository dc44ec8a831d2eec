package dev.paas.api.scheduler;

import dev.paas.api.runtime.RealRuntime;
import dev.paas.api.runtime.RuntimeClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of sessions with paas-runtimed and its containers. */
final class PaasRuntimedSessionIT extends SessionContract {

  private RealRuntime runtime;
  private RuntimeClient client;
  private Scheduler scheduler;
  private String image;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    runtime = RealRuntime.start(folder);
    client = new RuntimeClient(runtime.socket());
    scheduler = new RuntimeScheduler(client);
    image = runtime.importProgram(client);
  }

  @AfterAll
  void close() throws Exception {
    client.close();
    runtime.close();
  }

  @Override
  Scheduler scheduler() {
    return scheduler;
  }

  @Override
  String image() {
    return image;
  }

  @Override
  void die() throws Exception {
    runtime.kill();
  }

  @Override
  void comeBack() throws Exception {
    runtime.startAgain();
  }
}
