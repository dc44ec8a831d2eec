package dev.paas.router.disk;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.problem.PaasException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good message of a kind from the control plane, in a file that only the router reads:
 * what holds when it starts, whoever else runs. One line with the format and the SHA-256 of the
 * rest, then the message.
 */
public final class KeptMessage<T extends MessageLite> {

  private static final Logger log = LoggerFactory.getLogger(KeptMessage.class);
  private static final int SHA256_HEX = 64;

  private final DurableFile file;
  private final String format;
  private final Parser<T> parser;
  private final Consumer<T> rules;

  /**
   * @param format a word and a version
   * @param rules throws a {@link PaasException} for a message that can't hold
   */
  public KeptMessage(Path path, String format, Parser<T> parser, Consumer<T> rules) {
    this.file = new DurableFile(path);
    this.format = format + " ";
    this.parser = parser;
    this.rules = rules;
  }

  /** Keeps the message; when this returns, it survives a power cut. */
  public void write(T message) throws IOException {
    byte[] bytes = message.toByteArray();
    byte[] header = header(bytes);
    byte[] content = Arrays.copyOf(header, header.length + bytes.length);
    System.arraycopy(bytes, 0, content, header.length, bytes.length);
    file.write(content);
  }

  /**
   * The message that was kept. A file that cannot be trusted is put aside: the router then starts
   * without, and the control plane sends one.
   */
  public Optional<T> read() throws IOException {
    Optional<byte[]> content = file.read();
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      T message = parser.parseFrom(message(content.get()));
      rules.accept(message);
      return Optional.of(message);
    } catch (InvalidProtocolBufferException | PaasException damaged) {
      Path aside = file.path().resolveSibling(file.path().getFileName() + ".damaged");
      log.atError()
          .addKeyValue("file", file.path())
          .addKeyValue("aside", aside)
          .addKeyValue("cause", damaged.getMessage())
          .log("a stored file is damaged and was put aside");
      Files.move(file.path(), aside, StandardCopyOption.REPLACE_EXISTING);
      return Optional.empty();
    }
  }

  private byte[] message(byte[] content) throws InvalidProtocolBufferException {
    int length = format.length() + SHA256_HEX + 1;
    byte[] message =
        content.length < length ? new byte[0] : Arrays.copyOfRange(content, length, content.length);
    if (!Arrays.equals(header(message), 0, length, content, 0, Math.min(length, content.length))) {
      throw new InvalidProtocolBufferException("the checksum does not match");
    }
    return message;
  }

  private byte[] header(byte[] message) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(message);
      return (format + HexFormat.of().formatHex(digest) + "\n").getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
