package dev.paas.router.tls;

import dev.paas.base.disk.DurableFile;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of session tickets (RFC 5077, RFC 8446 §4.6.1), in a file that only the router reads, so
 * that clients resume their sessions at a router that was started since. Whoever has a key can read
 * what was recorded of TLS 1.2 sessions that it opened: each is used for {@link #USED}, and gone
 * after {@link #KEPT}. Callers serialise their calls.
 */
public final class TicketKeys {

  static final Duration USED = Duration.ofHours(12);
  static final Duration KEPT = Duration.ofHours(36);

  private static final Logger log = LoggerFactory.getLogger(TicketKeys.class);
  private static final int PARTS =
      OpenSslSessionTicketKey.NAME_SIZE
          + OpenSslSessionTicketKey.HMAC_KEY_SIZE
          + OpenSslSessionTicketKey.AES_KEY_SIZE;

  /**
   * @param secret in hex
   */
  private record Key(Instant made, String secret) {

    OpenSslSessionTicketKey forTickets() {
      return new OpenSslSessionTicketKey(
          part(0, OpenSslSessionTicketKey.NAME_SIZE),
          part(OpenSslSessionTicketKey.NAME_SIZE, OpenSslSessionTicketKey.HMAC_KEY_SIZE),
          part(PARTS - OpenSslSessionTicketKey.AES_KEY_SIZE, OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] part(int from, int size) {
      return HexFormat.of().parseHex(secret, 2 * from, 2 * (from + size));
    }

    String line() {
      return made + " " + secret + "\n";
    }

    static Key of(String line) {
      String[] words = line.split(" ", -1);
      if (words.length != 2 || HexFormat.of().parseHex(words[1]).length != PARTS) {
        throw new IllegalArgumentException("a line of another form");
      }
      return new Key(Instant.parse(words[0]), words[1]);
    }
  }

  private final DurableFile file;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public TicketKeys(Path path, Clock clock) {
    this.file = new DurableFile(path);
    this.clock = clock;
  }

  /**
   * The keys that hold now, the one for new tickets first. Makes the next one when it is time. A
   * file that can't be read or written costs resumed sessions, and nothing else.
   */
  List<OpenSslSessionTicketKey> current() {
    Instant now = clock.instant();
    List<Key> keys = new ArrayList<>(stored());
    keys.removeIf(key -> key.made().isAfter(now) || key.made().plus(KEPT).isBefore(now));
    if (keys.isEmpty() || !keys.get(0).made().plus(USED).isAfter(now)) {
      byte[] secret = new byte[PARTS];
      random.nextBytes(secret);
      keys.add(0, new Key(now, HexFormat.of().formatHex(secret)));
      store(keys);
    }
    return keys.stream().map(Key::forTickets).toList();
  }

  private List<Key> stored() {
    try {
      return file.readString().orElse("").lines().map(Key::of).toList();
    } catch (IOException | IllegalArgumentException | DateTimeException unreadable) {
      log.atWarn()
          .addKeyValue("file", file.path())
          .addKeyValue("cause", unreadable.toString())
          .log("keys of session tickets can't be read: clients make new sessions");
      return List.of();
    }
  }

  private void store(List<Key> keys) {
    try {
      StringBuilder lines = new StringBuilder();
      keys.forEach(key -> lines.append(key.line()));
      file.write(lines.toString());
    } catch (IOException unkept) {
      log.atWarn()
          .addKeyValue("file", file.path())
          .addKeyValue("cause", unkept.toString())
          .log(
              "keys of session tickets can't be kept: clients of the next router make new sessions");
    }
  }
}
