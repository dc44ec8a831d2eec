package dev.paas.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class OutputFramesTest {

  @Test
  void outputThatIsNoLongerKeptIsSaidApartFromTheRest() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal piped =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false,
            false,
            false);
    OutputFrames frames = new OutputFrames(piped, false);
    String answer =
        """
        {"dropped":1234}
        {"stdout":"aGVsbG8K"}
        {"exit":3,"detail":"exited with 3"}
        """;
    frames.copy(new ByteArrayInputStream(answer.getBytes(UTF_8)));
    assertThat(out.toString(UTF_8)).isEqualTo("hello\n");
    assertThat(err.toString(UTF_8)).contains("1234 bytes");
    assertThat(frames.end().orElseThrow().number("exit")).isEqualTo(3);
  }
}
