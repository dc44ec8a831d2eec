package dev.paas.router.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.router.http1.BadMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of the PROXY protocol as proxies write them, and as they must not. */
final class ProxyHeaderTest {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String IPV4 = "c0000207" + "0a000001" + "3039" + "01bb";
  private static final String IPV6 =
      "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "3039" + "01bb";
  private static final String PATHS = "2f".repeat(216);

  /** Of a checksum whose bytes are not computed yet. */
  private static final String SUM = "030004" + "00000000";

  private static byte[] binary(String command, String family, String rest) {
    byte[] bytes = HexFormat.of().parseHex(rest.replace("v4", IPV4).replace("v6", IPV6));
    String length = "%04x".formatted(bytes.length);
    byte[] head = HexFormat.of().parseHex(SIGNATURE + command + family + length);
    byte[] all = new byte[head.length + bytes.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    return all;
  }

  private static ProxyHeader read(byte[] bytes) throws BadMessage {
    ByteBuf in =
        Unpooled.wrappedBuffer(bytes, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
    ProxyHeader header = ProxyHeader.of(in);
    assertThat(in.readerIndex()).isZero();
    return header;
  }

  private static @Nullable String client(ProxyHeader header) {
    return header.client() == null ? null : header.client().getHostAddress();
  }

  @ParameterizedTest(name = "{index}: {0} {1} {2}")
  @CsvSource(
      nullValues = "none",
      value = {
        // The family, what follows, whom it names, whether that one came by TLS.
        "21, 11, v4, 192.0.2.7, false",
        "21, 21, v6, 2001:db8:0:0:0:0:0:7, false",
        // Datagrams, unix sockets and what is not told: nobody is named.
        "21, 12, v4, none, false",
        "21, 22, v6, none, false",
        "21, 00, '', none, false",
        "21, 00, ffffffff, none, false",
        // The proxy asks for itself: whatever else it says is not looked at.
        "20, 00, '', none, false",
        "20, 11, v4, none, false",
        "20, 11, ff, none, false",
        "20, 99, ffff, none, false",
        // ALPN, authority, padding, a unique id, a namespace, a vendor's own.
        "21, 11, v4 010002 6832 020001 61 040000 050001 ff 300001 61 ea0001 00, 192.0.2.7, false",
        // By TLS: verified or not, with its version, name, cipher, signature and key inside.
        "21, 11, v4 200005 01 00000000, 192.0.2.7, true",
        "21, 11, v4 200005 07 00000001, 192.0.2.7, true",
        "21, 21, v6 20000e 01 00000000 210006 544c5376312e, 2001:db8:0:0:0:0:0:7, true",
        // The field without the flag: another one told of it.
        "21, 11, v4 200005 06 00000000, 192.0.2.7, false"
      })
  void namesTheClient(
      String command, String family, String rest, @Nullable String client, boolean secure)
      throws BadMessage {
    byte[] bytes = binary(command, family, rest.replace(" ", ""));
    ProxyHeader header = read(bytes);
    assertThat(header.length()).isEqualTo(bytes.length);
    assertThat(client(header)).isEqualTo(client);
    assertThat(header.secure()).isEqualTo(secure);
    for (int i = 1; i < bytes.length; i++) {
      ByteBuf part = Unpooled.wrappedBuffer(bytes, 0, i);
      assertThat(ProxyHeader.of(part).length()).as("%d bytes of it", i).isZero();
    }
  }

  @Test
  void aUnixSocketNamesNobody() throws BadMessage {
    ProxyHeader header = read(binary("21", "31", PATHS + "20000501" + "00000000"));
    assertThat(header.length()).isEqualTo(16 + 216 + 8);
    assertThat(header.client()).isNull();
    assertThat(header.secure()).isTrue();
  }

  @ParameterizedTest(name = "{index}: {0} {1} {2}")
  @CsvSource({
    // Versions and commands that there are not.
    "11, 11, v4",
    "31, 11, v4",
    "22, 11, v4",
    "2f, 11, v4",
    // Families that there are not.
    "21, 01, v4",
    "21, 10, v4",
    "21, 13, v4",
    "21, 41, v4",
    "21, ff, v4",
    // Fewer bytes than the addresses take.
    "21, 11, ''",
    "21, 11, 0102030405060708090a0b",
    "21, 12, 01020304",
    "21, 21, v4",
    "21, 31, v4",
    // Fields that are longer than the header, or cut.
    "21, 11, v4 01",
    "21, 11, v4 0100",
    "21, 11, v4 010001",
    "21, 11, v4 01ffff 61",
    // TLS described with too few bytes, with cut fields inside, twice.
    "21, 11, v4 200000",
    "21, 11, v4 200004 01000000",
    "21, 11, v4 200006 01 00000000 21",
    "21, 11, v4 200008 01 00000000 210001",
    "21, 11, v4 200005 01 00000000 200005 00 00000000",
    // Checksums that are wrong, too short, too long.
    "21, 11, v4 030004 00000000",
    "21, 11, v4 030003 000000",
    "21, 11, v4 030005 0000000000"
  })
  void whatIsBrokenIsRefused(String command, String family, String rest) {
    assertThatThrownBy(() -> read(binary(command, family, rest.replace(" ", ""))))
        .isInstanceOf(BadMessage.class);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(strings = {"v4" + SUM, "v4" + "200005" + "01" + "00000000" + SUM + "040001" + "00"})
  void aChecksumIsChecked(String rest) throws BadMessage {
    byte[] bytes = binary("21", "11", rest);
    int at = 16 + rest.replace("v4", IPV4).indexOf(SUM) / 2 + 3;
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (sum.getValue() >> (8 * (3 - i)));
    }
    assertThat(client(read(bytes))).isEqualTo("192.0.2.7");
    for (int i = 16; i < bytes.length; i++) {
      if (i == at - 3) {
        // Its type: then there is no checksum.
        continue;
      }
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> read(changed)).as("byte %d", i).isInstanceOf(BadMessage.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "none",
      value = {
        "PROXY TCP4 192.0.2.7 10.0.0.1 12345 443, 192.0.2.7",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255",
        "PROXY TCP6 2001:db8::7 ::1 1 0, 2001:db8:0:0:0:0:0:7",
        "PROXY UNKNOWN, none",
        "PROXY UNKNOWN ffff::1 ffff::1 1 2, none"
      })
  void aLineNamesTheClient(String line, @Nullable String client) throws BadMessage {
    ProxyHeader header = read((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(header.length()).isEqualTo(line.length() + 2);
    assertThat(client(header)).isEqualTo(client);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "PROXY ",
        "PROXY TCP4",
        "PROXY TCP4 192.0.2.7",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 80 1",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 80 ",
        "PROXY TCP4  192.0.2.7 10.0.0.1 1 80",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 65536",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 80",
        "PROXY TCP4 192.0.2.7 10.0.0.1 01 80",
        "PROXY TCP4 192.0.2.256 10.0.0.1 1 80",
        "PROXY TCP4 2001:db8::7 ::1 1 80",
        "PROXY TCP6 192.0.2.7 10.0.0.1 1 80",
        "PROXY TCP4 localhost 10.0.0.1 1 80",
        "PROXY TCP5 192.0.2.7 10.0.0.1 1 80",
        "PROXY UDP4 192.0.2.7 10.0.0.1 1 80",
        "proxy TCP4 192.0.2.7 10.0.0.1 1 80",
        "PROXY UNKNOWN "
            + "a"
            + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aLineThatIsBrokenIsRefused(String line) {
    assertThatThrownBy(() -> read((line + "\r\n").getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(BadMessage.class);
  }
}
