package dev.paas.router.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.router.harness.LineWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log's files while writers are killed, and on a disk that is full. */
final class RotatingFileFaultIT {

  private static final int FILES = 8;
  private static final int ROUNDS = 5;
  private static final long KEPT = FILES * 2L * LineWriter.LARGEST;

  @TempDir Path folder;

  private Process writer(String name, long from) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LineWriter.class.getName(),
            folder.resolve("access.log").toString(),
            Long.toString(KEPT),
            name,
            Long.toString(from))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
        .start();
  }

  private String kept() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int number = FILES - 1; number >= 0; number--) {
      Path file = folder.resolve(number == 0 ? "access.log" : "access.log." + number);
      if (Files.exists(file)) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  /** The last number of each writer; all lines before it are there once and in order. */
  private Map<String, Long> check(int kills) throws IOException {
    String all = kept();
    assertThat(all.length()).isLessThanOrEqualTo((int) KEPT);
    Map<String, Long> last = new HashMap<>();
    int torn = 0;
    for (String line : all.split("\n")) {
      Matcher whole = LineWriter.LINE.matcher(line);
      if (whole.matches()) {
        long number = Long.parseLong(whole.group(2));
        Long before = last.put(whole.group(1), number);
        assertThat(before == null ? number : before + 1).as(line).isEqualTo(number);
      } else {
        torn++;
      }
    }
    assertThat(torn).isLessThanOrEqualTo(kills);
    return last;
  }

  /** F63 in docs/reliability.md. */
  @Test
  void linesOfWritersThatAreKilledAtAnyMomentAreWholeOnceAndInOrder() throws Exception {
    Map<String, Long> last = new HashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      Process first = writer("a", last.getOrDefault("a", 0L) + 1);
      Process second = writer("b", last.getOrDefault("b", 0L) + 1);
      try {
        awaitBoth(last);
        // Its lock goes with it, wherever it was: the other one writes on.
        first.destroyForcibly().waitFor();
        long rotated = Files.getLastModifiedTime(oldest()).toMillis();
        await().until(() -> Files.getLastModifiedTime(oldest()).toMillis() != rotated);
      } finally {
        first.destroyForcibly().waitFor();
        second.destroyForcibly().waitFor();
      }
      // The one that lived longer may have pushed out all lines of the other.
      last.putAll(check(2 * round));
    }
    assertThat(last).containsKey("b");
  }

  private Path oldest() {
    return folder.resolve("access.log." + (FILES - 1));
  }

  /** Until both have written since, and there are as many files as are kept. */
  private void awaitBoth(Map<String, Long> before) {
    Set<String> writers = new HashSet<>();
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(
            () -> {
              Path full = folder.resolve("access.log.1");
              for (String line : Files.readString(full).split("\n")) {
                Matcher whole = LineWriter.LINE.matcher(line);
                if (whole.matches()
                    && Long.parseLong(whole.group(2)) > before.getOrDefault(whole.group(1), 0L)) {
                  writers.add(whole.group(1));
                }
              }
              return writers.size() == 2 && Files.exists(oldest());
            });
  }

  /** F63 in docs/reliability.md. */
  @Test
  void aWriteThatADiskHasNoRoomForLeavesNoPartOfALine() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "paas-test", disk.toString());
    try (RotatingFile file = new RotatingFile(disk.resolve("access.log"), 64 << 20)) {
      Path ballast = Files.write(disk.resolve("ballast"), new byte[512 << 10]);
      byte[] batch = "a line of some length\n".repeat(9000).getBytes(US_ASCII);
      file.write(batch, 0, batch.length);
      file.write(batch, 0, batch.length);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> file.write(batch, 0, batch.length))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("No space left");
        assertThat(Files.size(disk.resolve("access.log"))).isEqualTo(2L * batch.length);
      }
      Files.delete(ballast);
      file.write(batch, 0, batch.length);
      assertThat(Files.readAllBytes(disk.resolve("access.log")))
          .isEqualTo("a line of some length\n".repeat(3 * 9000).getBytes(US_ASCII));
    } finally {
      run("umount", disk.toString());
    }
  }

  private void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("out"))).isZero();
  }
}
