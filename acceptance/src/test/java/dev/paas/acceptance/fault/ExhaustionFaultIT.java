package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.platform.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A daemon whose heap or whose file descriptors are used up. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExhaustionFaultIT {
  private static final int DESCRIPTORS = 256;
  private static final int CONNECTIONS = 400;
  private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

  private final Platform platform;
  private final GitApp app;

  ExhaustionFaultIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.probe(platform);
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  @AfterEach
  void isClean() {
    Aftermath.isClean(platform);
  }

  /** F24 in docs/reliability.md. */
  @Test
  void daemonWhoseHeapIsUsedUpEndsAndIsBackWithAllThatRan() throws IOException {
    Map<String, Long> before = app.pids();
    String boot = app.body("/boot");
    for (String daemon : List.of("paas-routerd", "paasd", "paas-runtimed")) {
      useUp(daemon, boot);
    }
    Awaitility.await("the instances are known again")
        .atMost(RECOVERED_WITHIN)
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .untilAsserted(() -> assertThat(app.pids()).isEqualTo(before));
  }

  private void useUp(String daemon, String boot) throws IOException {
    long pid = platform.pid(daemon);
    boolean serves = !daemon.equals("paas-routerd");
    try (Traffic traffic = new Traffic(platform, app.name(), "/boot")) {
      fillHeap(pid);
      Awaitility.await(daemon + " is executed again")
          .atMost(Duration.ofSeconds(60))
          .until(() -> platform.pid(daemon) != pid);
      traffic.flowsOn(50);
      platform.awaitReady();
      traffic.flowsOn(50);
      if (serves) {
        assertThat(traffic.failures()).as("requests while %s was down", daemon).isEmpty();
      }
      assertThat(traffic.answers()).as("one process all the time").containsExactly(boot);
    }
    assertThat(Files.readString(platform.folder().resolve("log/" + daemon + "/current")))
        .contains("java.lang.OutOfMemoryError: Java heap space");
  }

  private void fillHeap(long pid) throws IOException {
    Path agent = agent();
    try {
      VirtualMachine daemon = VirtualMachine.attach(Long.toString(pid));
      try {
        daemon.loadAgent(agent.toString());
      } finally {
        daemon.detach();
      }
    } catch (com.sun.tools.attach.AttachNotSupportedException
        | com.sun.tools.attach.AgentLoadException
        | com.sun.tools.attach.AgentInitializationException refused) {
      throw new AssertionError("the heap of " + pid + " was not filled", refused);
    } catch (IOException ended) {
      // It ended before it could say that the agent has returned, which the agent never does.
      assertThat(ended)
          .as("the daemon is gone")
          .isNotInstanceOf(java.io.FileNotFoundException.class);
    }
  }

  /** A jar of one class that any of the daemons' users can read. */
  private Path agent() throws IOException {
    Path jar = platform.scratch().resolve("heap-filler.jar");
    String name = HeapFiller.class.getName().replace('.', '/') + ".class";
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Agent-Class", HeapFiller.class.getName());
    try (InputStream code = HeapFiller.class.getClassLoader().getResourceAsStream(name);
        OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new ZipEntry(name));
      Objects.requireNonNull(code).transferTo(out);
    }
    Command.of("chmod", "0644", jar.toString()).succeed();
    return jar;
  }

  /** F27 in docs/reliability.md, the router. */
  @Test
  void routerWithFewDescriptorsRefusesWhatIsTooMuchAndRecovers() throws IOException {
    int port = Integer.parseInt(platform.variable("PAAS_HTTP_PORT"));
    try (FewDescriptors few = new FewDescriptors("paas-routerd")) {
      Awaitility.await("it serves").ignoreExceptions().until(() -> !app.body("/boot").isEmpty());
      few.exhaust(port, 2, () -> app.body("/boot"));
    }
  }

  /** F27 in docs/reliability.md, the API and the SSH door of paasd. */
  @Test
  void controlPlaneWithFewDescriptorsRefusesWhatIsTooMuchAndRecovers() throws IOException {
    String api = platform.variable("PAAS_API");
    try (FewDescriptors few = new FewDescriptors("paasd")) {
      platform.awaitReady();
      few.exhaust(
          Integer.parseInt(api.substring(api.lastIndexOf(':') + 1)),
          4,
          () -> platform.paas("apps").succeed().out());
      few.exhaust(
          Integer.parseInt(platform.variable("PAAS_SSH_PORT")),
          4,
          () -> app.git("ls-remote", "paas").succeed().out());
      app.change("server.js", "version 1", "version 1.1");
      app.push().succeed();
    }
  }

  private interface Call {
    String answer() throws IOException;
  }

  /** A daemon that may open 256 files; closing gives it back what it had. */
  private final class FewDescriptors implements AutoCloseable {
    private final String daemon;
    private final Path start;
    private final String usual;

    FewDescriptors(String daemon) throws IOException {
      this.daemon = daemon;
      this.start = platform.folder().resolve("service/" + daemon + "/run");
      this.usual = Files.readString(start);
      Files.writeString(
          start, usual.replace("\ncd /\n", "\ncd /\nulimit -n " + DESCRIPTORS + "\n"));
      platform.kill(daemon);
      assertThat(Files.readString(Path.of("/proc/" + platform.pid(daemon) + "/limits")))
          .containsPattern("Max open files +" + DESCRIPTORS + " ");
    }

    /**
     * Opens more connections than there are descriptors and says nothing on them.
     *
     * @param more descriptors that the daemon may hold afterwards and did not before
     */
    void exhaust(int port, int more, Call call) throws IOException {
      call.answer();
      long pid = platform.pid(daemon);
      int before = open(pid);
      List<Socket> held = new ArrayList<>();
      try {
        int refused = hold(port, held);
        assertThat(refused).as("connections that were refused at once").isPositive();
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
      Awaitility.await("what was used up is free again")
          .atMost(RECOVERED_WITHIN)
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .until(() -> !call.answer().isEmpty());
      Awaitility.await("nothing has leaked")
          .atMost(Duration.ofSeconds(60))
          .until(() -> open(pid) <= before + more);
      assertThat(platform.pid(daemon)).as("the same process").isEqualTo(pid);
    }

    /** How many of them the daemon has answered or closed. */
    private int hold(int port, List<Socket> held) throws IOException {
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket socket = new Socket();
        held.add(socket);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      }
      int refused = 0;
      for (Socket socket : held) {
        socket.setSoTimeout(20);
        refused += isRefused(socket) ? 1 : 0;
      }
      return refused;
    }

    private boolean isRefused(Socket socket) {
      try {
        byte[] said = socket.getInputStream().readAllBytes();
        String text = new String(said, StandardCharsets.ISO_8859_1);
        // Closed: with a word of HTTP, after SSH's greeting, or without.
        return text.isEmpty() || text.startsWith("HTTP/1.1 503 ") || text.startsWith("SSH-");
      } catch (java.net.SocketTimeoutException open) {
        return false;
      } catch (IOException reset) {
        return true;
      }
    }

    private int open(long pid) {
      String[] names = new java.io.File("/proc/" + pid + "/fd").list();
      return names == null ? 0 : names.length;
    }

    @Override
    public void close() throws IOException {
      Files.writeString(start, usual);
      platform.kill(daemon);
      platform.awaitReady();
    }
  }
}
