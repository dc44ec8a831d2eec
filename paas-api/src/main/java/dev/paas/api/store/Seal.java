package dev.paas.api.store;

import dev.paas.base.disk.DurableFile;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what must not lie readable in the database or a copy of it: AES-256-GCM with a random
 * 96-bit nonce a value (NIST SP 800-38D) and a key in {@code <data>/db/seal.key} (0400), made at
 * the first start. The database without this file shows no config var.
 *
 * <p>A sealed value is {@code 1 | nonce (12) | ciphertext and tag}; the first byte is the version
 * of the form. The context (whose value, which version) is authenticated, so that a row moved to
 * another place does not open.
 */
@ApplicationScoped
public class Seal {

  private static final byte FORM = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private static final String CHECK = "seal-check";

  /** What the key of fingerprints is derived for. */
  private static final String FINGERPRINTS = "fingerprints";

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();
  private final AgroalDataSource source;

  public Seal(PlatformSettings settings, AgroalDataSource source) {
    this.source = source;
    Path file = settings.platform().data().resolve("db/seal.key");
    this.key = new SecretKeySpec(loadOrCreate(file, this::checked), "AES");
  }

  /** Refuses to start with a key that is not the one of this database. */
  void onStart(@Observes @Priority(100) StartupEvent started) {
    byte[] known = checked();
    if (known != null) {
      open(CHECK, known);
      return;
    }
    try (Connection connection = source.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into seal_check (id, sealed) values (1, ?)")) {
      insert.setBytes(1, seal(CHECK, CHECK.getBytes(StandardCharsets.UTF_8)));
      insert.executeUpdate();
    } catch (SQLException unwritable) {
      throw new IllegalStateException(unwritable);
    }
  }

  /** What was sealed at the first start, or nothing before it. */
  private byte @Nullable [] checked() {
    try (Connection connection = source.getConnection();
        PreparedStatement select = connection.prepareStatement("select sealed from seal_check");
        ResultSet rows = select.executeQuery()) {
      return rows.next() ? rows.getBytes(1) : null;
    } catch (SQLException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  /** Encrypts {@code plain} for one place in the database, named by {@code context}. */
  public byte[] seal(String context, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context, plain, 0);
    return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
        .put(FORM)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /**
   * Decrypts what {@link #seal} made for the same context.
   *
   * @throws IllegalStateException when the bytes, the context or the key are not the ones of the
   *     sealing
   */
  public byte[] open(String context, byte[] sealed) {
    if (sealed.length < 1 + NONCE_BYTES || sealed[0] != FORM) {
      throw new IllegalStateException("not a sealed value: " + context);
    }
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
    return cipher(Cipher.DECRYPT_MODE, nonce, context, sealed, 1 + NONCE_BYTES);
  }

  /**
   * Tells values of one context apart without telling what they are: HMAC-SHA256 (RFC 2104) with a
   * key that is derived from the platform's, in hexadecimal.
   */
  public String fingerprint(String context, String plain) {
    byte[] name = context.getBytes(StandardCharsets.UTF_8);
    byte[] value = plain.getBytes(StandardCharsets.UTF_8);
    byte[] own = mac(key.getEncoded(), FINGERPRINTS.getBytes(StandardCharsets.UTF_8));
    ByteBuffer text = ByteBuffer.allocate(Integer.BYTES + name.length + value.length);
    return HexFormat.of()
        .formatHex(mac(own, text.putInt(name.length).put(name).put(value).array()));
  }

  private static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private byte[] cipher(int mode, byte[] nonce, String context, byte[] input, int from) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input, from, input.length - from);
    } catch (GeneralSecurityException refused) {
      throw new IllegalStateException(
          "a sealed value does not open; is seal.key the one of this database? " + context,
          refused);
    }
  }

  private static byte[] loadOrCreate(Path path, Supplier<byte @Nullable []> checked) {
    DurableFile file = new DurableFile(path, "r--------");
    try {
      byte[] known = file.read().orElse(null);
      if (known == null && checked.get() != null) {
        throw Problem.of(
                Kind.INVALID,
                "store.seal-key-missing",
                "The key that config vars are sealed with is not there",
                path.toString(),
                "Put it back from the backup that goes with this database.")
            .asException();
      }
      if (known == null) {
        Files.createDirectories(path.resolveSibling("."));
        known = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(known);
        file.write(known);
      }
      if (known.length != KEY_BYTES) {
        throw new IllegalStateException("not a key of 32 bytes: " + path);
      }
      return known;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
