package dev.paas.cli.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketReaderTest {

  @Test
  void messagesComeWholeAndControlFramesBetweenTheirParts() throws IOException {
    WebSocketReader reader =
        reader(
            frame(0x82, "one"),
            frame(0x02, "tw"),
            frame(0x89, "ping"),
            frame(0x00, ""),
            frame(0x80, "o"),
            frame(0x88, "\u0003hbye"));
    assertThat(text(reader.next())).isEqualTo("one");
    WebSocketReader.Message ping = reader.next();
    assertThat(ping.opcode()).isEqualTo(WebSocketConnection.PING);
    assertThat(text(ping)).isEqualTo("ping");
    WebSocketReader.Message two = reader.next();
    assertThat(two.opcode()).isEqualTo(WebSocketConnection.BINARY);
    assertThat(text(two)).isEqualTo("two");
    WebSocketReader.Message close = reader.next();
    assertThat(close.opcode()).isEqualTo(WebSocketConnection.CLOSE);
    assertThat(close.closeCode()).isEqualTo(0x368);
    assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
  }

  @Test
  void longMessagesHaveTheirLengthInTwoOrEightBytes() throws IOException {
    String some = "x".repeat(300);
    String many = "y".repeat(70_000);
    WebSocketReader reader = reader(frame(0x82, some), frame(0x82, many));
    assertThat(text(reader.next())).isEqualTo(some);
    assertThat(text(reader.next())).isEqualTo(many);
  }

  @Test
  void whatTheProtocolForbidsIsNotRead() {
    for (byte[] bad :
        List.of(
            frame(0xC2, "compressed"),
            frame(0x80, "goes on with nothing"),
            frame(0x83, "of an unknown kind"),
            frame(0x8B, "of an unknown kind of control"),
            frame(0x09, "control in parts"),
            frame(0x89, "p".repeat(126)),
            join(frame(0x02, "part"), frame(0x82, "another")),
            new byte[] {(byte) 0x82, (byte) 0x81, 1, 2, 3, 4, 5},
            new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1},
            new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0, 0x20, 0, 0})) {
      WebSocketReader reader = new WebSocketReader(new ByteArrayInputStream(bad));
      assertThatThrownBy(
              () -> {
                while (true) {
                  WebSocketReader.Message unused = reader.next();
                }
              })
          .isInstanceOf(WebSocketReader.MalformedException.class);
    }
  }

  @Test
  void aMessageInPartsIsNoLongerThanOneInOne() {
    byte[] part = frame(0x02, "x".repeat(WebSocketReader.LONGEST));
    byte[] more = frame(0x00, "x");
    assertThatThrownBy(() -> reader(part, more).next())
        .isInstanceOf(WebSocketReader.MalformedException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void framesOfAClientAreMasked() {
    // The example of RFC 6455 §5.7.
    assertThat(
            WebSocketConnection.frame(
                WebSocketConnection.TEXT,
                "Hello".getBytes(US_ASCII),
                5,
                new byte[] {0x37, (byte) 0xfa, 0x21, 0x3d}))
        .isEqualTo(
            new byte[] {
              (byte) 0x81,
              (byte) 0x85,
              0x37,
              (byte) 0xfa,
              0x21,
              0x3d,
              0x7f,
              (byte) 0x9f,
              0x4d,
              0x51,
              0x58
            });
    byte[] longer =
        WebSocketConnection.frame(
            WebSocketConnection.BINARY, new byte[0x1234], 0x1234, new byte[4]);
    assertThat(longer).startsWith(0x82, 0xFE, 0x12, 0x34).hasSize(8 + 0x1234);
  }

  @Test
  void theKeyIsAnsweredAsTheExampleOfTheStandard() {
    // RFC 6455 §1.3.
    assertThat(WebSocketConnection.accepts("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  private static WebSocketReader reader(byte[]... frames) {
    return new WebSocketReader(new ByteArrayInputStream(join(frames)));
  }

  private static byte[] join(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  /** A frame as a server sends it. */
  private static byte[] frame(int first, String content) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int length = content.length();
    frame.write(first);
    if (length < 126) {
      frame.write(length);
    } else if (length < 1 << 16) {
      frame.writeBytes(new byte[] {126, (byte) (length >> 8), (byte) length});
    } else {
      frame.writeBytes(
          new byte[] {
            127, 0, 0, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length
          });
    }
    frame.writeBytes(content.getBytes(US_ASCII));
    return frame.toByteArray();
  }

  private static String text(WebSocketReader.Message message) {
    return new String(message.content(), US_ASCII);
  }
}
