package dev.paas.api.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The other two daemons of a test platform, at the sockets that its settings name. */
public final class FakeDaemons implements AutoCloseable {

  private final FakeRuntime runtime;
  private final FakeRouter router;

  /** Starts both below the platform's run folder. */
  public FakeDaemons(Path run) throws IOException {
    Files.createDirectories(run.resolve("runtime"));
    Files.createDirectories(run.resolve("router"));
    this.runtime = new FakeRuntime(run.resolve("runtime/runtime.sock"));
    this.router = new FakeRouter(run.resolve("router/control.sock"));
  }

  public FakeRuntime runtime() {
    return runtime;
  }

  public FakeRouter router() {
    return router;
  }

  @Override
  public void close() throws IOException {
    router.close();
    runtime.close();
  }
}
