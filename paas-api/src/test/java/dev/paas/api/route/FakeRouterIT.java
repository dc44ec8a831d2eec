package dev.paas.api.route;

import dev.paas.api.fake.FakeRouter;
import dev.paas.contract.router.Backend;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract with the router of the other tests. */
final class FakeRouterIT extends RouterContract {

  private static final int PORT = 5000;

  private Path socket;
  private FakeRouter router;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    socket = folder.resolve("control.sock");
    router = new FakeRouter(socket);
  }

  @AfterAll
  void close() throws IOException {
    router.close();
  }

  @Override
  Path socket() {
    return socket;
  }

  @Override
  Backend backend(String instance) {
    return Backend.newBuilder()
        .setInstance(instance)
        .setAddress("127.0.0.1")
        .setPort(PORT)
        .setLabel("web.1")
        .build();
  }

  @Override
  void carry(String instance) {
    router.carries(instance, true);
  }

  @Override
  void finish(String instance) {
    router.carries(instance, false);
  }

  @Override
  void restart() throws IOException {
    router = router.replaced(socket);
  }
}
