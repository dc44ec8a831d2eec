package dev.paas.router.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The whole corpus of refused requests is in {@code FramingIT}, where a socket is in between. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class HeadReaderTest {

  private static final Limits LIMITS = Limits.ofHead(64 << 10);
  private static final String REQUEST =
      "GET /a?b HTTP/1.1\r\nHost: a.test\r\nX:  y\tz \r\nE:\r\nU: \u00e9\r\n\r\n";

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aHeadIsTheSameWhereverItIsCut() throws BadMessage {
    for (int cut = 0; cut < REQUEST.length(); cut++) {
      HeadReader reader = HeadReader.ofRequests(LIMITS);
      ByteBuf in = bytes(REQUEST.substring(0, cut));
      assertThat(reader.complete(in)).isFalse();
      in = Unpooled.wrappedBuffer(in, bytes(REQUEST.substring(cut) + "next"));
      assertThat(reader.complete(in)).isTrue();
      RequestHead head = reader.takeRequest(in);
      assertThat(head.method()).isEqualTo("GET");
      assertThat(head.target()).isEqualTo("/a?b");
      assertThat(head.fields().toString()).isEqualTo("[Host, a.test, X, y\tz, E, , U, \u00e9]");
      assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("next");
      assertThat(reader.atStart()).isTrue();
      in.release();
    }
  }

  @Test
  void whatIsWrittenReadsAsWhatWasRead() throws BadMessage {
    HeadReader reader = HeadReader.ofRequests(LIMITS);
    ByteBuf in = bytes(REQUEST);
    assertThat(reader.complete(in)).isTrue();
    RequestHead head = reader.takeRequest(in);
    ByteBuf written = MessageWriter.request(ByteBufAllocator.DEFAULT, head);
    assertThat(written.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("GET /a?b HTTP/1.1\r\nHost: a.test\r\nX: y\tz\r\nE: \r\nU: \u00e9\r\n\r\n");
    written.release();
    in.release();
  }

  @Test
  void aStatusLineMayLackItsReason() throws BadMessage {
    for (String line : new String[] {"HTTP/1.1 204", "HTTP/1.1 204 ", "HTTP/1.0 204 No Content"}) {
      HeadReader reader = HeadReader.ofResponses(LIMITS);
      ByteBuf in = bytes(line + "\r\n\r\n");
      assertThat(reader.complete(in)).isTrue();
      assertThat(reader.takeResponse(in).status()).isEqualTo(204);
      in.release();
    }
  }

  @Test
  void aLimitHoldsBeforeTheHeadIsWhole() {
    HeadReader reader = HeadReader.ofRequests(new Limits(100, 50, 10));
    ByteBuf in = bytes("GET /" + "a".repeat(60));
    assertThatThrownBy(() -> reader.complete(in))
        .isInstanceOfSatisfying(
            BadMessage.class,
            bad -> assertThat(bad.kind()).isEqualTo(BadMessage.Kind.LINE_TOO_LONG));
    in.release();
  }

  @Test
  void randomBytesAreRefusedOrUnderstoodAndNothingElse() {
    Random random = new Random(7);
    String alphabet = "GET /a:HTP1.0\r\n \t\0\u00e9";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "GET / HTTP/1.1\r\n" : "");
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      ByteBuf in = bytes(text + "\r\n\r\n");
      HeadReader reader = HeadReader.ofRequests(LIMITS);
      try {
        if (reader.complete(in)) {
          RequestHead head = reader.takeRequest(in);
          head.fields()
              .forEach((name, value) -> assertThat(name + value).doesNotContain("\r", "\n", "\0"));
        }
      } catch (BadMessage refused) {
        assertThat(refused.what()).isNotEmpty();
      }
      in.release();
    }
  }
}
