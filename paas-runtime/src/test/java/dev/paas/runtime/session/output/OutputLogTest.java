package dev.paas.runtime.session.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs as a monitor writes them, read back from any position. */
final class OutputLogTest {

  private static final String STAMP = "2026-11-30T20:00:00.123456789+00:00 ";
  private static final long MOST = 1000;

  @TempDir private Path folder;

  /** What a reader was told, in words. */
  private static final class Told implements SessionSink {
    private final List<String> all = new ArrayList<>();

    @Override
    public void output(ByteString data, boolean stderr, long position) {
      all.add((stderr ? "err " : "out ") + data.toString(ISO_8859_1) + " " + position);
    }

    @Override
    public void dropped(long bytes) {
      all.add("dropped " + bytes);
    }
  }

  private void print(String records) throws IOException {
    String stamped = records.replace("@", STAMP);
    Files.write(
        folder.resolve("log"),
        stamped.getBytes(ISO_8859_1),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** As the monitor does when a file has become too large. */
  private void replace(String records) throws IOException {
    Path made = folder.resolve("log.tmp");
    Files.write(made, records.replace("@", STAMP).getBytes(ISO_8859_1));
    Files.move(made, folder.resolve("log"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> read(OutputLog log, long position) throws Exception {
    Told told = new Told();
    try (OutputReader reader = new OutputReader(log, position, told)) {
      reader.follow();
    }
    return told.all;
  }

  @Test
  void recordsGiveBackWhatWasPrinted() throws Exception {
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      print("@stdout F one\n@stdout P tw\n@stdout F o\n@stderr P \u0000\u00ff \n@stdout F \n");
      log.end();
      assertThat(read(log, 0))
          .containsExactly("out one\ntwo\n 8", "err \u0000\u00ff  11", "out \n 12");
      assertThat(log.total()).isEqualTo(12);
    }
  }

  @Test
  void readerBeginsWithinARecord() throws Exception {
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      print("@stdout F one\n@stderr F two\n");
      log.end();
      assertThat(read(log, 2)).containsExactly("out e\n 4", "err two\n 8");
      assertThat(read(log, 4)).containsExactly("err two\n 8");
      assertThat(read(log, 8)).isEmpty();
    }
  }

  @Test
  void recordThatIsBeingWrittenIsLeftUntilItIsWhole() throws Exception {
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      print("@stdout F one\n@stdou");
      log.look();
      assertThat(log.total()).isEqualTo(4);
      print("t F two\n");
      log.end();
      assertThat(read(log, 4)).containsExactly("out two\n 8");
    }
  }

  @Test
  void positionsGoOnInAFileThatTookTheLogsPlace() throws Exception {
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      print("@stdout F one\n");
      Told told = new Told();
      try (OutputReader reader = new OutputReader(log, 0, told)) {
        print("@stdout F two\n");
        replace("@stdout F three\n");
        log.end();
        reader.follow();
      }
      assertThat(told.all).containsExactly("out one\ntwo\n 8", "out three\n 14");
      assertThat(read(log, 3)).containsExactly("dropped 5", "out three\n 14");
      assertThat(read(log, 10)).containsExactly("out ree\n 14");
    }
  }

  @Test
  void nextDaemonKnowsWhereTheFileBegins() throws Exception {
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      print("@stdout F one\n");
      replace("@stdout F two\n");
      log.look();
    }
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      log.end();
      assertThat(read(log, 0)).containsExactly("dropped 4", "out two\n 8");
    }
  }

  @Test
  void whatNoDaemonSawReplacedIsNotTakenForWhatTheReaderHas() throws Exception {
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      print("@stdout F one\n");
      log.look();
    }
    replace("@stdout F two\n");
    try (OutputLog log = OutputLog.in(folder, MOST)) {
      log.end();
      assertThat(read(log, 4)).containsExactly("dropped 996", "out two\n 1004");
    }
  }
}
