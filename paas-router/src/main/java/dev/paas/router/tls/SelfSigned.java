package dev.paas.router.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A certificate that nobody vouches for, for handshakes that ask for a name without one: a browser
 * then shows its warning, and curl says what is wrong, instead of a connection that breaks. Written
 * in DER (X.690) after RFC 5280 §4.1, as the JDK has no public way to make one.
 */
final class SelfSigned {

  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int UTF8 = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int VERSION = 0xa0;

  private static final byte[] ECDSA_WITH_SHA256 = {
    0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };
  private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
  private static final byte[] V3 = {INTEGER, 1, 2};

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** UTCTime ends with 2049 (RFC 5280 §4.1.2.5.1). */
  private static final Instant END = Instant.parse("2049-12-31T23:59:59Z");

  private static final int SERIAL_BYTES = 16;
  private static final int SHORT_LENGTH = 0x80;
  private static final int BYTE = 0xff;

  private SelfSigned() {}

  /**
   * Makes one with a key of its own.
   *
   * @param name a common name
   */
  static KeyedCertificate named(String name, Instant from) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] serial = new byte[SERIAL_BYTES];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) ((serial[0] & 0x3f) | 0x40);
    byte[] algorithm = tagged(SEQUENCE, ECDSA_WITH_SHA256);
    byte[] subject = name(name);
    byte[] body =
        tagged(
            SEQUENCE,
            tagged(VERSION, V3),
            tagged(INTEGER, serial),
            algorithm,
            subject,
            tagged(SEQUENCE, time(from), time(END)),
            subject,
            pair.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body);
    byte[] der =
        tagged(SEQUENCE, body, algorithm, tagged(BIT_STRING, new byte[1], signature.sign()));
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    return new KeyedCertificate("", List.of(), List.of(certificate), pair.getPrivate());
  }

  private static byte[] name(String common) {
    byte[] text = common.getBytes(StandardCharsets.UTF_8);
    return tagged(SEQUENCE, tagged(SET, tagged(SEQUENCE, COMMON_NAME, tagged(UTF8, text))));
  }

  private static byte[] time(Instant at) {
    return tagged(UTC_TIME, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length >= SHORT_LENGTH) {
      int bytes = length > BYTE ? 2 : 1;
      whole.write(SHORT_LENGTH | bytes);
      if (bytes == 2) {
        whole.write(length >> Byte.SIZE);
      }
    }
    whole.write(length & BYTE);
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
