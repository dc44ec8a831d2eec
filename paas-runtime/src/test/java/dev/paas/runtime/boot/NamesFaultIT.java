package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImageOp;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.RunOneOffEvent;
import dev.paas.contract.runtime.RunOneOffRequest;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Steps of builds that make as many names as they can, in the real daemon with less heap than it is
 * shipped with. An OutOfMemoryError would end it.
 */
final class NamesFaultIT {

  private static final int HEAP_MIB = 300;

  private static final int LAYERS = 127;

  private static final long SEED = Long.getLong("paas.seed", 11);

  /** A collection of the heap: what was in use before it. */
  private static final Pattern COLLECTED = Pattern.compile("(\\d+)M->\\d+M\\(\\d+M\\)");

  private static final long MINUTES = 8;

  /** Makes names fast: links(folder, how many names, how long they are, of how many files). */
  private static final String LINKS =
      """
      sub name { my ($number, $long) = @_; return $number . "x" x ($long - length $number); }
      sub file { open(my $file, ">", $_[0]) or die "$_[0]: $!"; close $file; }
      sub links {
        my ($dir, $many, $long, $of) = @_;
        mkdir $dir;
        for my $i (0..$many-1) {
          my $name = "$dir/" . name($i, $long);
          if ($i < $of) { file($name); }
          else { link("$dir/" . name($i % $of, $long), $name) or die "$name: $!"; }
        }
      }
      """;

  @SuppressWarnings("NullAway.Init")
  private static TestDaemon daemon;

  @BeforeAll
  static void open() throws Exception {
    System.out.println("seed " + SEED);
    daemon =
        new TestDaemon(
            "rtnf",
            "10.214.107.0/24",
            """
            uid-base = 1975000000
            uid-ranges = 16
            [router]
            http = "127.0.0.1:18094"
            """,
            "-Xmx" + HEAP_MIB + "m -Xlog:gc:file=FOLDER/gc.log");
    daemon.importImage("test/perl:1", perl());
  }

  @AfterAll
  static void close() throws Exception {
    String collections = Files.readString(daemon.folder.resolve("gc.log"));
    int peak =
        COLLECTED
            .matcher(collections)
            .results()
            .map(MatchResult::group)
            .mapToInt(text -> Integer.parseInt(text.substring(0, text.indexOf('M'))))
            .max()
            .orElse(0);
    System.out.println(
        "peak of the daemon's heap, what was free to collect included: " + peak + " MiB");
    daemon.close();
  }

  /** The host's perl and what it is linked with. */
  private static byte[] perl() throws Exception {
    List<Path> files = new ArrayList<>(List.of(Path.of("/usr/bin/perl")));
    String linked = daemon.run(List.of("ldd", "/usr/bin/perl"));
    Pattern.compile("(/\\S+) \\(0x")
        .matcher(linked)
        .results()
        .forEach(found -> files.add(Path.of(found.group(1))));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Path file : files) {
        byte[] content = Files.readAllBytes(file);
        TarArchiveEntry entry = new TarArchiveEntry(file.toString().substring(1));
        entry.setMode(0755);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static Node base() {
    return Node.newBuilder()
        .setId("base")
        .setImage(ImageOp.newBuilder().setRef("test/perl:1"))
        .build();
  }

  private static Node step(String id, String input, String script) {
    return Node.newBuilder()
        .setId(id)
        .setTitle("RUN")
        .setExec(
            ExecOp.newBuilder()
                .setInput(input)
                .addAllArgv(List.of("/usr/bin/perl", "-e", LINKS + script))
                .addEnv("PATH=/usr/bin"))
        .build();
  }

  private static CompletableFuture<SolveEvent> begin(Node... nodes) {
    CompletableFuture<SolveEvent> done = new CompletableFuture<>();
    daemon
        .streaming()
        .solve(
            SolveRequest.newBuilder()
                .setApp("names")
                .setGraph(
                    BuildGraph.newBuilder()
                        .addAllNodes(List.of(nodes))
                        .setOutput(nodes[nodes.length - 1].getId()))
                .setConfig(ImageConfig.newBuilder().addCmd("/usr/bin/perl"))
                .setName("apps/names:build-1")
                .build(),
            TestDaemon.completing(done, new ArrayList<>()));
    return done;
  }

  private static String problem(CompletableFuture<SolveEvent> build) throws Exception {
    try {
      build.get(MINUTES, TimeUnit.MINUTES);
      return "none";
    } catch (ExecutionException failed) {
      return TestDaemon.problem(Objects.requireNonNull(failed.getCause())).getCode();
    }
  }

  private static void assertNothingIsLeft() {
    assertThat(daemon.process().isAlive()).as("the daemon lives").isTrue();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              TreeSet<String> left = new TreeSet<>();
              try (Stream<Path> all = Files.list(daemon.folder.resolve("data/runtime/tmp"))) {
                all.forEach(path -> left.add(path.getFileName().toString()));
              }
              assertThat(left).isEmpty();
            });
  }

  /** F39 in docs/reliability.md. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "links('/d', 1300000, 255, 30) | build.too-many-files",
        "links('/d'.$_, 150000, 255, 30) for 1..4 | build.too-many-files",
        "for (1..10000) { mkdir 'd'; chdir 'd' or die $!; } | build.too-deep",
        "for (1..240) { mkdir 'd'; chdir 'd' or die $!; } mkdir 'e'.$_ for 1..20000;"
            + " links('f', 300000, 30, 30) | build.too-many-files",
      })
  void aStepThatMakesTooManyNamesFailsWithACodeAndLeavesNothing(String script, String code)
      throws Exception {
    assertThat(problem(begin(base(), step("a", "base", script)))).isEqualTo(code);
    assertNothingIsLeft();
  }

  /** F40 in docs/reliability.md. */
  @Test
  void aStepWithAsManyNamesAsItMayHaveBecomesALayerAndIsCopied() throws Exception {
    // Each file has two names, in two folders: half of them are in memory until they are met again.
    Random random = new Random(SEED);
    int[] many = {110_000 + random.nextInt(10_000), 110_000 + random.nextInt(10_000)};
    String script =
        """
        for my $d (0..1) {
          my $many = (%d, %d)[$d];
          mkdir "/a$d"; mkdir "/b$d";
          for my $i (0..$many-1) {
            my $name = name($i, 255);
            file("/a$d/$name");
            link("/a$d/$name", "/b$d/$name") or die "$i: $!";
          }
        }
        """
            .formatted(many[0], many[1]);
    Node copied =
        Node.newBuilder()
            .setId("b")
            .setCopy(
                CopyOp.newBuilder()
                    .setInput("base")
                    .setFrom("a")
                    .addSources("/a0")
                    .addSources("/b1")
                    .setDestination("/c/"))
            .build();
    assertThat(problem(begin(base(), step("a", "base", script), copied))).isEqualTo("none");
    assertNothingIsLeft();
  }

  /** F40 in docs/reliability.md. */
  @Test
  void anImageOfAsManyLayersAsThereMayBeIsBuiltAndStarted() throws Exception {
    List<Node> nodes = new ArrayList<>(List.of(base()));
    for (int i = 1; i < LAYERS - 1; i++) {
      nodes.add(folder(i));
    }
    String script = "-d '/m1' && -d '/m%d' && mkdir '/last' or die".formatted(LAYERS - 2);
    nodes.add(step("last", "m" + (LAYERS - 2), script));
    SolveEvent built = begin(nodes.toArray(Node[]::new)).get(MINUTES, TimeUnit.MINUTES);
    assertThat(run(built.getImage().getDigest(), "print -d '/last' && -d '/m1' ? 'all' : 'none'"))
        .isEqualTo("all");

    nodes.remove(nodes.size() - 1);
    nodes.add(folder(LAYERS - 1));
    nodes.add(folder(LAYERS));
    assertThat(problem(begin(nodes.toArray(Node[]::new)))).isEqualTo("build.too-many-layers");
    assertNothingIsLeft();
  }

  /** A layer with a folder, on the one before. */
  private static Node folder(int number) {
    String input = number == 1 ? "base" : "m" + (number - 1);
    return Node.newBuilder()
        .setId("m" + number)
        .setMakeDir(MakeDirOp.newBuilder().setInput(input).setPath("/m" + number))
        .build();
  }

  /** What a program prints in an image. */
  private static String run(String image, String script) throws Exception {
    CompletableFuture<RunOneOffEvent> done = new CompletableFuture<>();
    List<RunOneOffEvent> events = new ArrayList<>();
    StreamObserver<RunOneOffRequest> sending =
        daemon.streaming().runOneOff(TestDaemon.completing(done, events));
    InstanceId id = InstanceId.newBuilder().setApp("names").setProcess("run").build();
    sending.onNext(
        RunOneOffRequest.newBuilder()
            .setSpec(
                InstanceSpec.newBuilder()
                    .setId(id)
                    .setImage(image)
                    .addAllArgv(List.of("/usr/bin/perl", "-e", script)))
            .build());
    sending.onCompleted();
    done.get(60, TimeUnit.SECONDS);
    StringBuilder said = new StringBuilder();
    events.forEach(event -> said.append(event.getStdout().toStringUtf8()));
    return said.toString();
  }
}
