package dev.paas.cli.tar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the programs that images have as {@code tar} make of ours, and we of theirs. */
final class TarProgramsIT {

  private static final Instant THEN = Instant.parse("2020-02-03T04:05:06Z");

  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();
  private Path source = Path.of("/");
  private Path target = Path.of("/");

  @BeforeEach
  void tree() throws Exception {
    source = Files.createDirectory(folder.resolve("tree"));
    target = Files.createDirectory(folder.resolve("to"));
    Path deep = Files.createDirectories(source.resolve("d".repeat(150)).resolve("ü".repeat(80)));
    Files.writeString(deep.resolve("file with blanks"), "deep");
    Files.write(source.resolve("large"), new byte[3_000_001]);
    Files.setPosixFilePermissions(
        source.resolve("large"), PosixFilePermissions.fromString("r-xr-x--x"));
    Files.setLastModifiedTime(source.resolve("large"), FileTime.from(THEN));
    Files.createSymbolicLink(source.resolve("link"), Path.of("large"));
    Files.createSymbolicLink(source.resolve("far"), Path.of("x".repeat(200)));
    Files.createDirectory(source.resolve("empty"));
    assertThat(new ProcessBuilder("mkfifo", source.resolve("pipe").toString()).start().waitFor())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "busybox tar"})
  void aTreeGoesInAsItIs(String program) throws Exception {
    Process reads = start(program, "-xf", "-", "-C", target.toString());
    TarPacker packer = new TarPacker(reads.getOutputStream(), told::add);
    packer.pack(source, "renamed");
    reads.getOutputStream().close();
    assertThat(reads.waitFor()).isZero();
    assertThat(packer.isComplete()).isFalse();
    assertThat(told).singleElement().asString().contains("pipe");
    same(target.resolve("renamed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "busybox tar"})
  void aTreeComesOutAsItIs(String program) throws Exception {
    Process makes = start(program, "-cf", "-", "-C", folder.toString(), "./tree");
    TarUnpacker unpacker = new TarUnpacker("tree", target.resolve("renamed"), told::add);
    unpacker.unpack(makes.getInputStream());
    assertThat(makes.waitFor()).isZero();
    assertThat(told).singleElement().asString().contains("pipe");
    same(target.resolve("renamed"));
  }

  private static Process start(String program, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.split(" ")));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void same(Path copy) throws IOException {
    Files.delete(source.resolve("pipe"));
    assertThat(names(copy)).isEqualTo(names(source));
    Path large = copy.resolve("large");
    assertThat(Files.mismatch(large, source.resolve("large"))).isEqualTo(-1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(large)))
        .isEqualTo("r-xr-x--x");
    assertThat(Files.getLastModifiedTime(large).toInstant()).isEqualTo(THEN);
    assertThat(Files.readSymbolicLink(copy.resolve("link"))).hasToString("large");
    assertThat(Files.readSymbolicLink(copy.resolve("far"))).hasToString("x".repeat(200));
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> all = Files.walk(of)) {
      return all.map(each -> of.relativize(each).toString()).sorted().toList();
    }
  }
}
