package dev.paas.router.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class AccessLogTest {

  private static AccessEntry entry(String target) {
    return new AccessEntry(
        0,
        "id",
        "10.0.0.9",
        "GET",
        "a.test",
        target,
        "a",
        "a.web.v1.1.g0",
        "web.1",
        200,
        null,
        null,
        1,
        2,
        3,
        4,
        1);
  }

  private static String text(AccessEntry entry) {
    JsonLine line = entry.line(new Stamps());
    byte[] bytes = new byte[line.length()];
    line.copyTo(bytes, 0);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  void aLineIsOneObjectInAsciiWhateverTheClientSent() {
    assertThat(text(entry("/\"\\\n\u001b[2J\u00c3\u00a9")))
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"request_id\":\"id\",\"client\":\"10.0.0.9\","
                + "\"method\":\"GET\",\"host\":\"a.test\","
                + "\"target\":\"/\\\"\\\\\\u000a\\u001b[2J\\u00e9\",\"app\":\"a\","
                + "\"instance\":\"a.web.v1.1.g0\",\"label\":\"web.1\",\"status\":200,\"bytes_in\":1,"
                + "\"bytes_out\":2,\"first_byte_us\":3,\"total_us\":4,\"attempts\":1}\n");
  }

  /** A head is read with one byte in a char. */
  private static String asRead(byte[] target) {
    return new String(target, StandardCharsets.ISO_8859_1);
  }

  @Test
  void targetIsTheTextThatItsBytesAre() {
    assertThat(text(entry(asRead("/\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8)))))
        .contains("\"target\":\"/\\u20ac\\ud83d\\ude00\"");
    assertThat(text(entry(asRead(new byte[] {'/', (byte) 0xff, (byte) 0xe2, (byte) 0x82, 'z'}))))
        .contains("\"target\":\"/\\ufffd\\ufffdz\"");
  }

  @Test
  void longTargetIsCutBetweenCharacters() {
    for (int shift = 0; shift < 4; shift++) {
      String target = "/".repeat(1 + shift) + "\ud83d\ude00".repeat(1000);
      String line = text(entry(asRead(target.getBytes(StandardCharsets.UTF_8))));
      assertThat(line).contains("\\ud83d\\ude00\",\"app\"").doesNotContain("\\ufffd");
    }
  }

  @Test
  void halfACharacterIsReplacedSoThatTheLineStaysJson() {
    JsonLine line = new JsonLine().text("k", "a\ud83db\ude00\ud83d\ude00\ud83d").end();
    byte[] bytes = new byte[line.length()];
    line.copyTo(bytes, 0);
    assertThat(new String(bytes, StandardCharsets.US_ASCII))
        .isEqualTo("{\"k\":\"a\\ufffdb\\ufffd\\ud83d\\ude00\\ufffd\"}\n");
  }

  @Test
  void momentsHaveMillisecondsWhateverCameBefore() {
    Stamps stamps = new Stamps();
    assertThat(stamps.of(1_795_513_465_007L)).isEqualTo("2026-11-24T09:44:25.007Z");
    assertThat(stamps.of(1_795_513_465_736L)).isEqualTo("2026-11-24T09:44:25.736Z");
    assertThat(stamps.of(1_795_513_464_090L)).isEqualTo("2026-11-24T09:44:24.090Z");
    assertThat(stamps.of(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
  }

  @Test
  void aLineHasRoomForWhatGrowsWhenItIsEscaped() {
    String target = "\u0001".repeat(2048);
    assertThat(text(entry(target + "not any more")))
        .contains("\"target\":\"" + "\\u0001".repeat(2048) + "\",");
  }

  @Test
  void aFullLogDropsEntriesAndSaysHowMany() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = new AccessLog(out);
    int room = AccessLog.CAPACITY / text(entry("/")).length();
    for (int i = 0; i < room + 7; i++) {
      log.add(entry("/"));
    }
    log.start();
    log.close();
    String[] lines = out.toString(StandardCharsets.US_ASCII).split("\n", -1);
    assertThat(lines).hasSize(room + 1 + 1);
    assertThat(lines[0]).isEqualTo(text(entry("/")).strip());
    assertThat(lines[room]).isEqualTo("{\"dropped_entries\":7}");
  }

  @Test
  void linesOfAQuietTimeAreWrittenTogetherWithoutAnybodyAskingForThem() {
    List<String> writes = new CopyOnWriteArrayList<>();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int one) {
            writes.add(Character.toString(one));
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            writes.add(new String(bytes, from, count, StandardCharsets.US_ASCII));
          }
        };
    AccessLog log = new AccessLog(out);
    log.add(entry("/1"));
    log.add(entry("/2"));
    log.start();
    await().untilAsserted(() -> assertThat(writes).hasSize(1));
    log.add(entry("/3"));
    await().untilAsserted(() -> assertThat(writes).hasSize(2));
    assertThat(writes).containsExactly(text(entry("/1")) + text(entry("/2")), text(entry("/3")));
    log.close();
  }

  /** Takes nothing while it is full. */
  private static final class Disk extends OutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int refused;
    private boolean full = true;

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
      if (full) {
        refused++;
        if (refused == 2) {
          throw new StackOverflowError("whatever a JVM may throw");
        }
        throw new IOException("No space left on device");
      }
      written.write(bytes, from, count);
    }

    private synchronized void empty() {
      full = false;
    }

    private synchronized int refused() {
      return refused;
    }
  }

  @Test
  void linesThatTheDiskDoesNotTakeAreCountedInTheirPlace() {
    Disk disk = new Disk();
    AccessLog log = new AccessLog(disk);
    // So many that some are dropped before the disk is asked: they are counted with the others.
    int room = AccessLog.CAPACITY / text(entry("/")).length();
    for (int i = 0; i < room + 7; i++) {
      log.add(entry("/"));
    }
    log.start();
    await().until(() -> disk.refused() == 1);
    log.add(entry("/"));
    await().until(() -> disk.refused() == 2);
    disk.empty();
    log.add(entry("/later"));
    log.close();
    assertThat(disk.written.toString(StandardCharsets.US_ASCII))
        .isEqualTo("{\"dropped_entries\":" + (room + 7 + 1) + "}\n" + text(entry("/later")));
  }
}
