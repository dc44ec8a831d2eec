package dev.paas.router.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyReaderTest {

  private static final Framing CHUNKED = new Framing(Framing.Kind.CHUNKED, 0);
  private static final String NEXT = "GET /next";

  /** Reads a body that arrives in parts cut at random; what follows it must be left alone. */
  private static String read(Framing framing, String body, long seed) throws BadMessage {
    Random random = new Random(seed);
    ByteBuf in = Unpooled.buffer();
    StringBuilder content = new StringBuilder();
    BodyReader reader = new BodyReader(framing);
    String all = body + NEXT;
    boolean ended = reader.ended();
    for (int at = 0; at < all.length(); ) {
      int part = Math.min(all.length() - at, 1 + random.nextInt(7));
      in.writeCharSequence(all.substring(at, at + part), StandardCharsets.ISO_8859_1);
      at += part;
      ended =
          reader.read(
              in,
              data -> {
                content.append(data.toString(StandardCharsets.ISO_8859_1));
                data.release();
              });
    }
    assertThat(ended).isTrue();
    assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo(NEXT);
    in.release();
    return content.toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aBodyIsTheSameHoweverItIsCut(long seed) throws BadMessage {
    assertThat(read(CHUNKED, "5;a=b\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX: y\r\n\r\n", seed))
        .isEqualTo("hello0123456789");
    assertThat(read(CHUNKED, "0\r\n\r\n", seed)).isEmpty();
    assertThat(read(new Framing(Framing.Kind.FIXED, 11), "hello world", seed))
        .isEqualTo("hello world");
    assertThat(read(new Framing(Framing.Kind.NONE, 0), "", seed)).isEmpty();
  }

  @Test
  void smallChunksAreHandedOnTogetherAndInOrder() throws BadMessage {
    String large = "b".repeat(1000);
    String body = "1\r\na\r\n".repeat(10_000) + "3e8\r\n" + large + "\r\n" + "1\r\nc\r\n".repeat(3);
    ByteBuf in = Unpooled.copiedBuffer(body + "0\r\n\r\n" + NEXT, StandardCharsets.US_ASCII);
    List<String> parts = new ArrayList<>();
    boolean ended =
        new BodyReader(CHUNKED)
            .read(
                in,
                data -> {
                  parts.add(data.toString(StandardCharsets.US_ASCII));
                  data.release();
                });
    assertThat(ended).isTrue();
    assertThat(String.join("", parts)).isEqualTo("a".repeat(10_000) + large + "ccc");
    assertThat(parts).hasSizeLessThan(6);
    in.release();
  }

  @Test
  void trailersAreReadAndNotMerged() throws BadMessage {
    BodyReader reader = new BodyReader(CHUNKED);
    ByteBuf in =
        Unpooled.copiedBuffer("0\r\nGrpc-Status: 0\r\nX: y\r\n\r\n", StandardCharsets.US_ASCII);
    assertThat(reader.read(in, ByteBuf::release)).isTrue();
    assertThat(reader.trailers().first("grpc-status")).isEqualTo("0");
    in.release();
  }

  @Test
  void onlyABodyWithoutLengthEndsWithItsConnection() {
    assertThat(new BodyReader(new Framing(Framing.Kind.UNTIL_CLOSE, 0)).closed()).isTrue();
    assertThat(new BodyReader(new Framing(Framing.Kind.FIXED, 1)).closed()).isFalse();
    assertThat(new BodyReader(CHUNKED).closed()).isFalse();
  }

  @Test
  void randomBytesAreEitherABodyOrRefusedAndNeverLost() {
    Random random = new Random(42);
    String alphabet = "0123456789abcdefx;\r\n \t\"=-+";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
      int[] content = {0};
      try {
        new BodyReader(CHUNKED)
            .read(
                in,
                data -> {
                  content[0] += data.readableBytes();
                  data.release();
                });
        assertThat(content[0]).isLessThanOrEqualTo(text.length());
      } catch (BadMessage refused) {
        assertThat(refused.kind()).isEqualTo(BadMessage.Kind.MALFORMED);
      } finally {
        assertThat(in.release()).isTrue();
      }
    }
  }
}
