package dev.paas.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paas cp} with a platform whose instances are this host, and its tar. */
final class CopyIT {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] input = {};

  @SuppressWarnings("NullAway.Init")
  private ExecServer server;

  private Path tree = Path.of("/");
  private Path there = Path.of("/");

  @BeforeEach
  void open() throws IOException {
    server = new ExecServer();
    tree = Files.createDirectory(folder.resolve("tree"));
    there = Files.createDirectory(folder.resolve("there"));
    Files.createDirectory(tree.resolve("below"));
    Files.write(tree.resolve("below/large"), new byte[2_000_003]);
    Files.createSymbolicLink(tree.resolve("link"), Path.of("below/large"));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private int cp(String from, String to) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input),
            new PrintStream(out, false, UTF_8),
            new PrintStream(err, false, UTF_8),
            false,
            false,
            false);
    return new PaasCommand(terminal, true, Optional.empty(), Optional::empty, new Cancellation())
        .run(List.of("cp", "-a", "shop", from, to), new Endpoint(server.url(), "paas_token"));
  }

  private void same(Path copy) throws IOException {
    assertThat(Files.mismatch(copy.resolve("below/large"), tree.resolve("below/large")))
        .isEqualTo(-1);
    assertThat(Files.readSymbolicLink(copy.resolve("link"))).hasToString("below/large");
  }

  @Test
  void foldersAndFilesGoIn() throws IOException {
    assertThat(cp(tree.toString(), "web.1:" + there)).as(err.toString(UTF_8)).isZero();
    same(there.resolve("tree"));
    assertThat(cp(tree.toString(), "web.1:" + there.resolve("named"))).isZero();
    same(there.resolve("named"));
    assertThat(cp(tree + "/.", "shop:web:" + there)).isZero();
    same(there);
    assertThat(cp(tree.resolve("below/large").toString(), "web.1:" + there.resolve("one")))
        .isZero();
    assertThat(there.resolve("one")).hasSize(2_000_003);
    assertThat(cp(tree.toString(), "web.1:" + there.resolve("no/such"))).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("no");
    assertThat(cp(folder.resolve("absent").toString(), "web.1:/tmp")).isEqualTo(2);
  }

  @Test
  void foldersAndFilesComeOut() throws IOException {
    assertThat(cp("web.1:" + tree, there.toString())).as(err.toString(UTF_8)).isZero();
    same(there.resolve("tree"));
    assertThat(cp("web.1:" + tree, there.resolve("named").toString())).isZero();
    same(there.resolve("named"));
    assertThat(cp("web.1:" + tree + "/.", there.toString())).isZero();
    same(there);
    assertThat(cp("web.1:" + tree.resolve("below/large"), there.resolve("one").toString()))
        .isZero();
    assertThat(there.resolve("one")).hasSize(2_000_003);
    Files.createSymbolicLink(tree.resolve("out"), Path.of("/etc/passwd"));
    assertThat(cp("web.1:" + tree, there.resolve("less").toString())).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("left out: ").contains("/etc/passwd");
    same(there.resolve("less"));
    assertThat(cp("web.1:" + folder.resolve("absent"), there.toString())).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("absent");
  }

  @Test
  void aTarGoesThroughTheStreams() throws IOException {
    assertThat(cp("web.1:" + tree, "-")).isZero();
    input = out.toByteArray();
    assertThat(cp("-", "web.1:" + there)).isZero();
    same(there.resolve("tree"));
  }

  @Test
  void anInstanceThatIsNotThereIsToldInTwoLines() {
    for (List<String> sides :
        List.of(
            List.of("nosuch:/x", there.toString()),
            List.of("nosuch:/x", "-"),
            List.of(tree.toString(), "nosuch:/x"),
            List.of("-", "nosuch:/x"))) {
      assertThat(cp(sides.get(0), sides.get(1))).as(sides.toString()).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(err.toString(UTF_8))
          .isEqualTo("error: No such instance runs: nosuch\nfix: See what runs with paas ps.\n");
      assertThat(out.toByteArray()).isEmpty();
    }
  }

  @Test
  void oneSideIsInAnInstance() {
    assertThat(cp("a", "b")).isEqualTo(2);
    assertThat(cp("web.1:/a", "web.2:/b")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("INSTANCE:PATH");
  }
}
