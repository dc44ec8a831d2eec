package dev.paas.api.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DnsMessageTest {

  private static final byte[] QUESTION =
      DnsMessage.question(0x1234, "www.example.org", DnsMessage.Type.A);

  /** An alias and then an address, with pointers, as name servers write it. */
  private static final String ALIASED =
      "1234 8180 0001 0002 0000 0000 03777777076578616d706c65036f726700 0001 0001"
          + "c00c 0005 0001 0000003c 0007 0468657265c010"
          + "c02d 0001 0001 0000003c 0004 c000020a";

  @Test
  void anAddressBehindAnAliasIsFound() throws IOException {
    byte[] answer = bytes(ALIASED);
    assertThat(DnsMessage.answers(QUESTION, answer, answer.length, DnsMessage.Type.A))
        .containsExactly("192.0.2.10");
    assertThat(DnsMessage.answers(QUESTION, answer, answer.length, DnsMessage.Type.TXT)).isEmpty();
  }

  @Test
  void piecesOfATextAreOne() throws IOException {
    String head = "1234 8180 0001 0001 0000 0000 0161 00 0010 0001 c00c 0010 0001 0000003c 0006";
    byte[] answer = bytes(head + "02 6162 02 6364");
    assertThat(DnsMessage.answers(QUESTION, answer, answer.length, DnsMessage.Type.TXT))
        .containsExactly("abcd");
  }

  @Test
  void aNameThatIsNotThereHasNothing() throws IOException {
    byte[] answer = bytes("1234 8183 0001 0000 0000 0000 0161 00 0001 0001");
    assertThat(DnsMessage.answers(QUESTION, answer, answer.length, DnsMessage.Type.A)).isEmpty();
  }

  @Test
  void theAnswerToAnotherQuestionAFailureAndACutOneAreNone() {
    for (String first : new String[] {"1235 8180 0001", "1234 0180 0001", "1234 8182 0001"}) {
      refused(bytes(ALIASED.replace("1234 8180 0001", first)));
    }
    refused(bytes(ALIASED.replace("1234 8180", "1234 8380")));
    byte[] whole = bytes(ALIASED);
    for (int length = 0; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void whateverBytesComeTheyAreReadOrRefused() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = bytes(ALIASED);
      for (int i = random.nextInt(6); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      for (DnsMessage.Type type : DnsMessage.Type.values()) {
        try {
          assertThat(DnsMessage.answers(QUESTION, bytes, bytes.length, type)).hasSizeLessThan(100);
        } catch (IOException refused) {
          assertThat(refused).hasMessageNotContaining("null");
        }
      }
    }
  }

  @Test
  void theQuestionNamesTheHostAndFitsForTheLongestOne() {
    assertThat(new String(QUESTION, StandardCharsets.ISO_8859_1))
        .contains("\u0003www\u0007example\u0003org\u0000");
    assertThat(ByteBuffer.wrap(QUESTION).getShort()).isEqualTo((short) 0x1234);
    String label = "a".repeat(63);
    String longest = "_paas-challenge." + String.join(".", label, label, label, "b".repeat(61));
    assertThat(DnsMessage.question(1, longest, DnsMessage.Type.TXT)).hasSizeLessThan(512);
  }

  private static void refused(byte[] bytes) {
    assertThatThrownBy(() -> DnsMessage.answers(QUESTION, bytes, bytes.length, DnsMessage.Type.A))
        .isInstanceOf(IOException.class);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
