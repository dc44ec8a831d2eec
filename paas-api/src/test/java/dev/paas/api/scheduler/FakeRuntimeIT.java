package dev.paas.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.FakeRuntime;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with the runtime of the other tests behind the socket. */
final class FakeRuntimeIT extends SchedulerContract {

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

  @Test
  void aStartThatTheHostCannotMakeFailsWithTheProblemItself() {
    runtime.instances().startsFail(1);
    assertThat(refused(scheduler.start(spec(web(1), "serve")))).isEqualTo(Kind.HOST_FAILED);
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
