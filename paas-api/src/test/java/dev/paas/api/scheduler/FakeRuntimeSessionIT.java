package dev.paas.api.scheduler;

import dev.paas.api.fake.FakeRuntime;
import dev.paas.api.runtime.RuntimeClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of sessions with the runtime of the other tests behind the socket. */
final class FakeRuntimeSessionIT extends SessionContract {

  private FakeRuntime runtime;
  private RuntimeClient client;
  private Scheduler scheduler;
  private Path socket;
  private String image;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    socket = folder.resolve("runtime.sock");
    runtime = new FakeRuntime(socket);
    client = new RuntimeClient(socket);
    scheduler = new RuntimeScheduler(client);
    image = runtime.addImage("test/program:1");
  }

  @AfterAll
  void close() {
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
  void die() {
    runtime.shutDown();
  }

  @Override
  void comeBack() throws IOException {
    runtime = runtime.replaced(socket, true, false);
  }
}
