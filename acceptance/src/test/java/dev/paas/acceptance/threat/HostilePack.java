package dev.paas.acceptance.threat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.zip.Deflater;

/** A push as no git would send it: commands and a pack, byte by byte (gitformat-pack(5)). */
final class HostilePack {
  static final int COMMIT = 1;
  static final int TREE = 2;
  static final int BLOB = 3;
  private static final int OFFSET_DELTA = 6;
  private static final long CHUNK = 65_536;
  private static final String NOTHING = "0".repeat(40);
  private static final String SOMETHING = "12".repeat(20);

  private final ByteArrayOutputStream commands = new ByteArrayOutputStream();
  private final ByteArrayOutputStream pack = new ByteArrayOutputStream();

  /** A pack whose head claims so many objects. */
  HostilePack(long claimed) {
    pack.writeBytes("PACK".getBytes(StandardCharsets.US_ASCII));
    pack.writeBytes(new byte[] {0, 0, 0, 2});
    for (int shift = 24; shift >= 0; shift -= 8) {
      pack.write((int) (claimed >> shift));
    }
  }

  /** An object whose head claims a size. */
  HostilePack object(int type, long claimed, byte[] content) {
    head(type, claimed);
    pack.writeBytes(deflated(content));
    return this;
  }

  /** Where the next object will begin. */
  int position() {
    return pack.size();
  }

  /**
   * A delta to the object at that position, which copies its first 65,536 bytes so many times.
   *
   * @param baseSize of the object, at least 65,536 bytes
   */
  HostilePack copies(int base, long baseSize, long times) {
    ByteArrayOutputStream delta = new ByteArrayOutputStream();
    number(delta, baseSize);
    number(delta, CHUNK * times);
    for (long i = 0; i < times; i++) {
      delta.write(0x80); // copy from 0, without a size: 65,536 bytes
    }
    return delta(base, delta.toByteArray());
  }

  HostilePack delta(int base, byte[] delta) {
    int distance = pack.size() - base;
    head(OFFSET_DELTA, delta.length);
    byte[] bytes = new byte[8];
    int at = bytes.length - 1;
    bytes[at] = (byte) (distance & 0x7f);
    for (int rest = distance >> 7; rest > 0; rest >>= 7) {
      rest--;
      bytes[--at] = (byte) (0x80 | (rest & 0x7f));
    }
    pack.write(bytes, at, bytes.length - at);
    pack.writeBytes(deflated(delta));
    return this;
  }

  /** A ref that the push would make. */
  HostilePack ref(String name) {
    String command = NOTHING + " " + SOMETHING + " " + name;
    String line = commands.size() == 0 ? command + "\0report-status side-band-64k" : command;
    commands.writeBytes(
        String.format("%04x%s", line.length() + 4, line).getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** Sends it with its checksum. */
  Command.Outcome push(Platform platform, String app) {
    return push(platform, app, sha1(pack.toByteArray()));
  }

  /** Sends it with whatever stands for its checksum. */
  Command.Outcome push(Platform platform, String app, byte[] checksum) {
    Path file = platform.scratch().resolve("hostile.pack");
    try {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(commands.toByteArray());
      all.writeBytes("0000".getBytes(StandardCharsets.US_ASCII));
      all.writeBytes(pack.toByteArray());
      all.writeBytes(checksum);
      Files.write(file, all.toByteArray());
      String ssh =
          platform.variable("GIT_SSH_COMMAND") + " -p " + platform.variable("PAAS_SSH_PORT");
      return Command.of(
              "sh", "-c", ssh + " paas@localhost \"git-receive-pack '/" + app + "'\" <" + file)
          .with(platform.environment())
          .within(Duration.ofMinutes(1))
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      file.toFile().delete();
    }
  }

  private void head(int type, long size) {
    long rest = size >> 4;
    int first = (type << 4) | (int) (size & 15);
    pack.write(rest > 0 ? first | 0x80 : first);
    while (rest > 0) {
      int low = (int) (rest & 0x7f);
      rest >>= 7;
      pack.write(rest > 0 ? low | 0x80 : low);
    }
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
