package dev.paas.runtime.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.Problem;
import dev.paas.contract.runtime.RuntimeGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The real daemon in a folder of its own, started by its launcher, and a client of it. */
@SuppressWarnings("try") // an interrupted test has failed, whoever hears of it
final class TestDaemon implements AutoCloseable {

  private static final Metadata.Key<byte[]> PROBLEM =
      Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final List<String> APPLETS =
      List.of(
          "sh", "cat", "echo", "sleep", "httpd", "id", "wc", "grep", "mkdir", "ls", "env", "touch");

  final Path folder;
  private final String jvm;
  private final EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
  private final ManagedChannel channel;
  private Process process;

  /**
   * @param more settings, the first of them in the table {@code runtime}
   */
  TestDaemon(String id, String network, String more) throws Exception {
    this(id, network, more, "");
  }

  /**
   * @param jvm options that win over those of the launcher
   */
  TestDaemon(String id, String network, String more, String jvm) throws Exception {
    this.jvm = jvm;
    folder = Files.createTempDirectory("paas-" + id + "-");
    for (String made : List.of(".", "data", "data/runtime", "run", "bin", "lib", "lib/runtime")) {
      Path path = folder.resolve(made).normalize();
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }
    Files.writeString(
        folder.resolve("paas.toml"),
        String.format(
                """
                [platform]
                id = "%s"
                data = "%s/data"
                run = "%s/run"
                control-user = "0"
                [runtime]
                network = "%s"
                """,
                id, folder, folder, network)
            + more);
    Files.copy(
        Path.of("src/main/dist/paas-runtimed").toAbsolutePath(),
        folder.resolve("bin/paas-runtimed"));
    folder.resolve("bin/paas-runtimed").toFile().setExecutable(true);
    layOutClassPath();
    Path init = Path.of(System.getProperty("paas.init"));
    Files.copy(init, folder.resolve("lib/runtime").resolve(init.getFileName()), COPY_ATTRIBUTES);
    process = launch();
    channel = connect();
  }

  private void layOutClassPath() throws Exception {
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path from = Path.of(entry).toAbsolutePath();
      Path to = folder.resolve("lib/runtime/" + number++ + ".jar");
      if (entry.endsWith(".jar")) {
        Files.createSymbolicLink(to, from);
      } else if (Files.isDirectory(from)) {
        run(List.of("jar", "cf", to.toString(), "-C", from.toString(), "."));
      }
    }
  }

  String run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    Process ran = builder.start();
    String said = new String(ran.getInputStream().readAllBytes(), UTF_8);
    assertThat(ran.waitFor()).as(said).isZero();
    return said;
  }

  private Process launch() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(folder.resolve("bin/paas-runtimed").toString());
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    if (!jvm.isEmpty()) {
      builder.environment().put("_JAVA_OPTIONS", jvm.replace("FOLDER", folder.toString()));
    }
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    return builder.start();
  }

  void start() throws IOException {
    process = launch();
  }

  Process process() {
    return process;
  }

  Path socket() {
    return folder.resolve("run/runtime/runtime.sock");
  }

  /** Another connection; the caller shuts it down. */
  ManagedChannel connect() {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket().toFile()))
        .channelType(EpollDomainSocketChannel.class)
        .eventLoopGroup(loop)
        .usePlaintext()
        .build();
  }

  RuntimeGrpc.RuntimeBlockingStub call() {
    return RuntimeGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  RuntimeGrpc.RuntimeFutureStub future() {
    return RuntimeGrpc.newFutureStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  RuntimeGrpc.RuntimeStub streaming() {
    return RuntimeGrpc.newStub(channel).withWaitForReady();
  }

  /** The problem that a failed call carries. */
  static Problem problem(Throwable failed) {
    assertThat(failed).isInstanceOf(StatusRuntimeException.class);
    Metadata trailers = ((StatusRuntimeException) failed).getTrailers();
    byte[] carried = trailers == null ? null : trailers.get(PROBLEM);
    assertThat(carried).as("problem of " + failed).isNotNull();
    try {
      return Problem.parseFrom(carried);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Ends everything of the platform and removes the folder. */
  @Override
  public void close() throws Exception {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    System.out.println(Files.readString(folder.resolve("log")));
    down();
    run(List.of("rm", "-rf", folder.toString()));
  }

  /** Takes programs away from what starts in the platform's namespace from now on. */
  void hide(String... programs) throws Exception {
    for (String program : programs) {
      run(
          List.of(
              "nsenter",
              "--mount=" + folder.resolve("run/runtime/namespace/mnt"),
              "mount",
              "--bind",
              "/dev/null",
              program));
    }
  }

  void down() throws Exception {
    run(List.of(folder.resolve("bin/paas-runtimed").toString(), "--down"));
  }

  /** Imports an image of busybox and answers with its digest. */
  String importBusybox() throws Exception {
    return importImage("test/busybox:1", busybox());
  }

  /** Imports a tar as an image and answers with its digest. */
  String importImage(String name, byte[] all) throws Exception {
    CompletableFuture<Image> done = new CompletableFuture<>();
    StreamObserver<ImportImageRequest> sending =
        streaming().importImage(completing(done, new ArrayList<>()));
    sending.onNext(
        ImportImageRequest.newBuilder()
            .setHeader(
                ImportImageRequest.Header.newBuilder()
                    .setName(name)
                    .setConfig(
                        ImageConfig.newBuilder().addEnv("PATH=/bin").setUser("app").addCmd("id")))
            .build());
    for (int at = 0; at < all.length; at += 60_000) {
      sending.onNext(
          ImportImageRequest.newBuilder()
              .setData(ByteString.copyFrom(all, at, Math.min(60_000, all.length - at)))
              .build());
    }
    sending.onCompleted();
    return done.get(60, TimeUnit.SECONDS).getDigest();
  }

  private static byte[] busybox() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : List.of("bin/", "etc/", "srv/", "tmp/")) {
        tar.putArchiveEntry(new TarArchiveEntry(name));
        tar.closeArchiveEntry();
      }
      byte[] program = Files.readAllBytes(Path.of("/bin/busybox"));
      TarArchiveEntry entry = new TarArchiveEntry("bin/busybox");
      entry.setMode(0755);
      entry.setSize(program.length);
      tar.putArchiveEntry(entry);
      tar.write(program);
      tar.closeArchiveEntry();
      for (String applet : APPLETS) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarArchiveEntry.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      byte[] passwd = "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/tmp:/bin/sh\n".getBytes(UTF_8);
      TarArchiveEntry users = new TarArchiveEntry("etc/passwd");
      users.setSize(passwd.length);
      tar.putArchiveEntry(users);
      tar.write(passwd);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  /** Collects a stream's answers; the future has the last one. */
  static <T> StreamObserver<T> completing(CompletableFuture<T> last, List<T> all) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        all.add(value);
      }

      @Override
      public void onError(Throwable failed) {
        last.completeExceptionally(failed);
      }

      @Override
      public void onCompleted() {
        last.complete(all.get(all.size() - 1));
      }
    };
  }
}
