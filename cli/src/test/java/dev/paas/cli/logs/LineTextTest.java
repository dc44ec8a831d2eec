package dev.paas.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class LineTextTest {

  private static final String LINE =
      "{\"at\":\"2026-11-29T09:37:41.728150636Z\",\"instance\":\"%s\",\"stream\":\"%s\",\"text\":\"up\"}";

  @Test
  void aPersonReadsTheLocalTimeToTheMillisecond() throws Exception {
    LineText today = text(true, false, LocalDate.of(2026, 11, 29));
    assertThat(today.of(line("web.1", "stdout"))).isEqualTo("10:37:41.728 app[web.1]: up");
    LineText later = text(true, false, LocalDate.of(2026, 11, 30));
    assertThat(later.of(line("web.1", "stdout"))).isEqualTo("11-29 10:37:41.728 app[web.1]: up");
  }

  @Test
  void whatIsPipedHasTheStampInFullAndNoColour() throws Exception {
    LineText piped = text(false, false, LocalDate.of(2026, 11, 29));
    assertThat(piped.of(line("web.1", "platform")))
        .isEqualTo("2026-11-29T09:37:41.728150636Z paas[web.1]: up");
  }

  @Test
  void eachInstanceHasAColourOfItsOwn() throws Exception {
    LineText coloured = text(true, true, LocalDate.of(2026, 11, 29));
    String first = colour(coloured.of(line("web.1", "stdout")));
    assertThat(colour(coloured.of(line("web.1", "stderr")))).isEqualTo(first);
    assertThat(colour(coloured.of(line("web.1", "platform")))).isEqualTo(first);
    assertThat(colour(coloured.of(line("web.2", "stdout")))).isNotEqualTo(first);
    assertThat(colour(coloured.of(line("", "router")))).isEqualTo("31m");
  }

  @Test
  void aStampThatIsNoneIsShownAsItIs() throws Exception {
    LineText text = text(true, false, LocalDate.of(2026, 11, 29));
    assertThat(text.of(Json.parse("{\"at\":\"now\",\"text\":\"up\"}"))).startsWith("now ");
  }

  /** Of the head: the second colour of the line. */
  private static String colour(String line) {
    int stampEnds = line.indexOf("\u001b[0m ") + "\u001b[0m ".length();
    return line.substring(stampEnds + 2, line.indexOf('m', stampEnds) + 1);
  }

  private static Json line(String instance, String stream) throws Exception {
    return Json.parse(LINE.formatted(instance, stream));
  }

  private static LineText text(boolean interactive, boolean colour, LocalDate today) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), nowhere, nowhere, interactive, interactive, colour);
    return new LineText(terminal, ZoneId.of("Europe/Berlin"), today);
  }
}
