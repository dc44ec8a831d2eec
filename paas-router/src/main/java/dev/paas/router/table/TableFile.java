package dev.paas.router.table;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.problem.PaasException;
import dev.paas.contract.router.RouteTable;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good table on disk: what the router serves when it starts, whoever else runs. One line
 * with the format and the SHA-256 of the rest, then the message.
 */
public final class TableFile {

  private static final Logger log = LoggerFactory.getLogger(TableFile.class);
  private static final String FORMAT = "paas-route-table 1 ";
  private static final int SHA256_HEX = 64;
  private static final int HEADER = FORMAT.length() + SHA256_HEX + 1;

  private final DurableFile file;

  public TableFile(Path path) {
    this.file = new DurableFile(path);
  }

  /** Keeps the table; when this returns, it survives a power cut. */
  public void write(RouteTable table) throws IOException {
    byte[] message = table.toByteArray();
    byte[] header = header(message);
    byte[] content = Arrays.copyOf(header, header.length + message.length);
    System.arraycopy(message, 0, content, header.length, message.length);
    file.write(content);
  }

  /**
   * The table that was kept. A file that cannot be trusted is put aside: the router then starts
   * without a table and the control plane sends one.
   */
  public Optional<RouteTable> read() throws IOException {
    Optional<byte[]> content = file.read();
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      RouteTable table = RouteTable.parseFrom(message(content.get()));
      TableRules.check(table);
      return Optional.of(table);
    } catch (InvalidProtocolBufferException | PaasException damaged) {
      Path aside = file.path().resolveSibling(file.path().getFileName() + ".damaged");
      log.atError()
          .addKeyValue("file", file.path())
          .addKeyValue("aside", aside)
          .addKeyValue("cause", damaged.getMessage())
          .log("the stored route table is damaged and was put aside");
      Files.move(file.path(), aside, StandardCopyOption.REPLACE_EXISTING);
      return Optional.empty();
    }
  }

  private static byte[] message(byte[] content) throws InvalidProtocolBufferException {
    byte[] message =
        content.length < HEADER ? new byte[0] : Arrays.copyOfRange(content, HEADER, content.length);
    if (!Arrays.equals(header(message), 0, HEADER, content, 0, Math.min(HEADER, content.length))) {
      throw new InvalidProtocolBufferException("the checksum does not match");
    }
    return message;
  }

  private static byte[] header(byte[] message) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(message);
      return (FORMAT + HexFormat.of().formatHex(digest) + "\n").getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
