package dev.paas.api.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The other two daemons of a test platform, at the sockets that its settings name. */
public final class FakeDaemons implements AutoCloseable {

  private final Path socket;
  private FakeRuntime runtime;
  private final FakeRouter router;

  /** Starts both below the platform's run folder. */
  public FakeDaemons(Path run) throws IOException {
    Files.createDirectories(run.resolve("runtime"));
    Files.createDirectories(run.resolve("router"));
    this.socket = run.resolve("runtime/runtime.sock");
    this.runtime = new FakeRuntime(socket);
    this.router = new FakeRouter(run.resolve("router/control.sock"));
  }

  public FakeRuntime runtime() {
    return runtime;
  }

  /**
   * Ends the runtime and starts another, which finds the instances of the first.
   *
   * @param died whether the new one says that nobody told the old one to end
   * @param buildsWait as {@link FakeRuntime#buildsWait}, from the first one on
   */
  public void replaceRuntime(boolean died, boolean buildsWait) throws IOException {
    runtime = runtime.replaced(socket, died, buildsWait);
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
