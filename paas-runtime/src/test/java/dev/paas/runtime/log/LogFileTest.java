package dev.paas.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileTest {

  private static final InstanceId ID = InstanceId.newBuilder().setApp("shop").build();
  private static final byte[] ALPHABET = "aé€😀\n\n\r\u0000".getBytes(UTF_8);

  @TempDir Path folder;

  /** One process as its monitor sees it: what it writes, and how much is read at once. */
  private static final class Program {
    private final Random random;
    private final Path log;
    private final ByteArrayOutputStream[] written = {
      new ByteArrayOutputStream(), new ByteArrayOutputStream()
    };

    Program(Random random, Path log) {
      this.random = random;
      this.log = log;
    }

    /** Writes to a stream; the monitor makes a record of each line and of what has no newline. */
    void write() throws IOException {
      int stream = random.nextInt(2);
      byte[] bytes = new byte[1 + random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        boolean any = random.nextInt(20) == 0;
        bytes[i] = any ? (byte) random.nextInt(256) : ALPHABET[random.nextInt(ALPHABET.length)];
      }
      written[stream].write(bytes);
      int start = 0;
      for (int i = 0; i <= bytes.length; i++) {
        boolean newline = i < bytes.length && bytes[i] == '\n';
        if (newline || (i == bytes.length && start < i)) {
          record(stream, newline ? 'F' : 'P', bytes, start, i);
          start = i + 1;
        }
      }
    }

    private void record(int stream, char flag, byte[] bytes, int from, int to) throws IOException {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      String name = stream == 0 ? "stdout" : "stderr";
      record.writeBytes(("2026-11-23T21:00:00+00:00 " + name + " " + flag + " ").getBytes(UTF_8));
      record.write(bytes, from, to - from);
      record.write('\n');
      Files.write(log, record.toByteArray(), CREATE, APPEND);
    }

    /** What was written to a stream, as lines; the last one needs no newline. */
    List<String> lines(int stream) {
      List<String> lines = new ArrayList<>();
      byte[] all = written[stream].toByteArray();
      int start = 0;
      for (int i = 0; i <= all.length; i++) {
        if (i < all.length ? all[i] == '\n' : start < i) {
          lines.add(new String(all, start, i - start, UTF_8));
          start = i + 1;
        }
      }
      return lines;
    }
  }

  private static List<String> of(List<LogLine> lines, int stream) {
    return lines.stream()
        .filter(line -> line.getStderr() == (stream == 1))
        .map(LogLine::getText)
        .toList();
  }

  private static void rotate(Path log) throws IOException {
    Files.move(log, LogFile.previous(log), StandardCopyOption.REPLACE_EXISTING);
    Files.createFile(log);
  }

  @Test
  void readersSeeTheSameLinesWhereverBytesRecordsAndFilesAreCut() throws IOException {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Path log = Files.createFile(folder.resolve(seed + ".log"));
      LogFile follower = new LogFile(log, ID);
      List<LogLine> followed = new ArrayList<>(follower.last(0, 1 << 20, false));
      List<List<String>> expected = List.of(new ArrayList<>(), new ArrayList<>());
      int processes = 1 + random.nextInt(3);
      int rotatesAt = random.nextInt(3 * 20);
      int writes = 0;
      for (int p = 0; p < processes; p++) {
        Program program = new Program(random, log);
        for (int w = 0; w < 20; w++) {
          program.write();
          if (writes++ == rotatesAt) {
            rotate(log);
          }
          if (random.nextInt(4) == 0) {
            follower.more().ifPresent(followed::addAll);
          }
        }
        Files.write(log, LogFormat.end(Instant.EPOCH), APPEND);
        expected.get(0).addAll(program.lines(0));
        expected.get(1).addAll(program.lines(1));
      }
      follower.more().ifPresent(followed::addAll);
      follower.more().ifPresent(followed::addAll);
      List<LogLine> past = new LogFile(log, ID).last(10_000, 1 << 20, true);
      for (int stream = 0; stream < 2; stream++) {
        assertThat(of(followed, stream)).as("followed, %d", seed).isEqualTo(expected.get(stream));
        assertThat(of(past, stream)).as("past, %d", seed).isEqualTo(expected.get(stream));
      }
    }
  }

  @Test
  void whatHasNoNewlineYetIsALineOnlyForThoseWhoDoNotWait() throws IOException {
    Path log = folder.resolve("prompt.log");
    Files.writeString(log, "2026-11-23T21:00:00+00:00 stdout P Password: \n");
    assertThat(of(new LogFile(log, ID).last(10, 1 << 20, true), 0)).containsExactly("Password: ");
    LogFile follower = new LogFile(log, ID);
    assertThat(follower.last(10, 1 << 20, false)).isEmpty();
    Files.writeString(log, "2026-11-23T21:00:01+00:00 stdout F secret\n", APPEND);
    assertThat(of(follower.more().orElseThrow(), 0)).containsExactly("Password: secret");
  }

  @Test
  void tailThatBeginsWithinALineHasNoBrokenCharacter() throws IOException {
    Path log = folder.resolve("tail.log");
    byte[] text = "€".repeat(2000).getBytes(UTF_8);
    for (int i = 0; i + 7 <= text.length; i += 7) {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      record.writeBytes("2026-11-23T21:00:00+00:00 stdout P ".getBytes(UTF_8));
      record.write(text, i, 7);
      record.write('\n');
      Files.write(log, record.toByteArray(), CREATE, APPEND);
    }
    for (int bytes = 100; bytes < 200; bytes++) {
      List<LogLine> lines = new LogFile(log, ID).last(10, bytes, true);
      assertThat(of(lines, 0).get(0)).as("the last %d bytes", bytes).startsWith("€");
    }
  }

  @Test
  void linesThatNobodyWantsCountForNothing() throws IOException {
    Path log = folder.resolve("chosen.log");
    for (int second = 10; second < 40; second++) {
      String text = second % 10 == 0 ? "Time Out " + second : "fine";
      String record = "2026-11-23T21:00:" + second + "+00:00 stdout F " + text + "\n";
      Files.writeString(log, record, CREATE, APPEND);
    }
    ReadLogsRequest.Builder request = ReadLogsRequest.newBuilder().setContains("time out");
    assertThat(texts(log, request, 2)).containsExactly("Time Out 20", "Time Out 30");
    long since = Instant.parse("2026-11-23T21:00:30Z").getEpochSecond() * 1_000_000_000L;
    assertThat(texts(log, request.setSinceNanos(since), 9)).containsExactly("Time Out 30");
    assertThat(texts(log, request.setSinceNanos(since + 1), 9)).isEmpty();
  }

  @Test
  void whoFollowsIsAskedAgainAfterEachPieceWithoutAWantedLine() throws IOException {
    Path log = folder.resolve("followed.log");
    Files.writeString(log, "", CREATE);
    LogFile file = new LogFile(log, ID, line -> line.getText().equals("wanted"));
    assertThat(file.last(0, 1 << 20, false)).isEmpty();
    String other = "2026-11-23T21:00:00+00:00 stdout F " + "x".repeat(1000) + "\n";
    String wanted = "2026-11-23T21:00:01+00:00 stdout F wanted\n";
    Files.writeString(log, other.repeat(600) + wanted, APPEND);
    assertThat(file.more()).hasValue(List.of());
    assertThat(file.more()).hasValue(List.of());
    assertThat(file.more().orElseThrow()).extracting(LogLine::getText).containsExactly("wanted");
    assertThat(file.more()).isEmpty();
  }

  private static List<String> texts(Path log, ReadLogsRequest.Builder request, int count)
      throws IOException {
    LogFile file = new LogFile(log, ID, LogFilter.of(request.build()));
    return file.last(count, 1 << 20, true).stream().map(LogLine::getText).toList();
  }
}
