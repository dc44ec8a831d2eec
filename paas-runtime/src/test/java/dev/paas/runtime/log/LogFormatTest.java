package dev.paas.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogFormatTest {

  private static final String AT = "2026-11-23T21:00:00.00000000";

  private final LogFormat format = new LogFormat(InstanceId.newBuilder().setApp("shop").build());

  private List<LogLine> lines(byte[] record) {
    List<LogLine> lines = new ArrayList<>();
    format.read(record, 0, record.length, lines::add);
    return lines;
  }

  private List<String> read(String record) {
    return read(record.getBytes(UTF_8));
  }

  private List<String> read(byte[] record) {
    return lines(record).stream().map(LogLine::getText).toList();
  }

  /** A record whose text is bytes. */
  private static byte[] record(String head, byte[] text, int from, int to) {
    byte[] prefix = head.getBytes(UTF_8);
    byte[] all = java.util.Arrays.copyOf(prefix, prefix.length + to - from);
    System.arraycopy(text, from, all, prefix.length, to - from);
    return all;
  }

  @Test
  void partsBecomeOneLineOfTheirStream() {
    assertThat(read(AT + "1+00:00 stdout P one ")).isEmpty();
    assertThat(read(AT + "2+00:00 stderr F other")).containsExactly("other");
    List<LogLine> whole = lines((AT + "3+00:00 stdout F two").getBytes(UTF_8));
    assertThat(whole).extracting(LogLine::getText).containsExactly("one two");
    assertThat(whole.get(0).getStderr()).isFalse();
    assertThat(whole.get(0).getAtNanos() % 1_000_000_000L).isEqualTo(3);
  }

  @Test
  void characterThatTwoRecordsShareIsOneCharacter() {
    byte[] text = "né€😀".getBytes(UTF_8);
    for (int cut = 0; cut <= text.length; cut++) {
      assertThat(read(record(AT + "1+00:00 stdout P ", text, 0, cut))).isEmpty();
      assertThat(read(record(AT + "2+00:00 stdout F ", text, cut, text.length)))
          .as("cut after %d bytes", cut)
          .containsExactly("né€😀");
    }
  }

  @Test
  void endOfAProcessEndsTheLinesOfBothStreams() {
    assertThat(read(AT + "1+00:00 stdout P last words")).isEmpty();
    assertThat(read(AT + "2+00:00 stderr P and why")).isEmpty();
    byte[] end = LogFormat.end(Instant.parse("2026-11-23T21:00:01Z"));
    List<LogLine> ended = lines(java.util.Arrays.copyOf(end, end.length - 1));
    assertThat(ended).extracting(LogLine::getText).containsExactly("last words", "and why");
    assertThat(ended).extracting(LogLine::getStderr).containsExactly(false, true);
    assertThat(ended.get(0).getAtNanos() % 1_000_000_000L).as("when it was written").isEqualTo(1);
    assertThat(read(AT + "3+00:00 stdout F first words")).containsExactly("first words");
  }

  @Test
  void endIsKnownByItsLastBytes() {
    byte[] end = LogFormat.end(Instant.EPOCH);
    int from = end.length - LogFormat.endLength();
    assertThat(LogFormat.isEnd(java.util.Arrays.copyOfRange(end, from, end.length))).isTrue();
    assertThat(LogFormat.isEnd((AT + "1+00:00 stderr F E \n").getBytes(UTF_8))).isFalse();
  }

  @Test
  void noticeIsALineOfItsOwnWhateverTheStreamsHaveBegun() {
    assertThat(read(AT + "1+00:00 stderr P half")).isEmpty();
    byte[] notice = LogFormat.notice(Instant.EPOCH, "paas: logs.dropped: why");
    assertThat(read(java.util.Arrays.copyOf(notice, notice.length - 1)))
        .containsExactly("paas: logs.dropped: why");
    assertThat(read(AT + "2+00:00 stderr F  and half")).containsExactly("half and half");
  }

  @Test
  void whatBecameOfAnInstanceIsOneLineOfItsOwnKind() {
    byte[] life = LogFormat.life(Instant.EPOCH, "could not start: a\nb\r");
    assertThat(read(java.util.Arrays.copyOf(life, life.length - 1)))
        .containsExactly("could not start: a b ");
    List<LogLine> lines = new ArrayList<>();
    new LogFormat(InstanceId.getDefaultInstance()).read(life, 0, life.length - 1, lines::add);
    assertThat(lines).extracting(LogLine::getKind).containsExactly(LogLine.Kind.LIFE);
  }

  @Test
  void endlessLineIsCutBetweenCharacters() {
    byte[] part = "€".repeat(8192 / 3).getBytes(UTF_8);
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pieces.addAll(read(record(AT + "1+00:00 stdout P ", part, 0, part.length)));
    }
    pieces.addAll(read(AT + "2+00:00 stdout F "));
    assertThat(String.join("", pieces)).isEqualTo("€".repeat(8192 / 3 * 100));
    assertThat(pieces)
        .allSatisfy(piece -> assertThat(piece.getBytes(UTF_8)).hasSizeLessThan(65537));
  }

  @Test
  void textThatIsEnteredInACharacterBeginsWithTheNext() {
    format.enter();
    byte[] text = "€uro".getBytes(UTF_8);
    assertThat(read(record(AT + "1+00:00 stdout F ", text, 2, text.length))).containsExactly("uro");
    assertThat(read(record(AT + "1+00:00 stdout F ", text, 2, text.length)))
        .as("only what comes first")
        .containsExactly("\ufffduro");
  }

  @Test
  void emptyLinesAreLines() {
    assertThat(read(AT + "1+00:00 stdout F ")).containsExactly("");
  }

  @Test
  void whatIsNotInTheFormatIsSkipped() {
    assertThat(read("")).isEmpty();
    assertThat(read(" ")).isEmpty();
    assertThat(read("no time here")).isEmpty();
    assertThat(read("yesterday stdout F text")).isEmpty();
    assertThat(read(AT + "1+00:00 stdout ")).isEmpty();
    assertThat(read("yesterday stdout P text")).isEmpty();
    assertThat(read(AT + "2+00:00 stdout F only")).containsExactly("only");
  }
}
