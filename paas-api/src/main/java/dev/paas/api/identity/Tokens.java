package dev.paas.api.identity;

import dev.paas.api.audit.Actor;
import dev.paas.api.store.Store;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API tokens: {@code paas_}, an id that may be shown, and 256 random bits. The database has only
 * their SHA-256, which is enough for a secret that cannot be guessed. A revoked token is refused
 * from then on: nothing caches.
 */
@ApplicationScoped
public class Tokens {

  /** Longest life that may be asked for. */
  static final Duration MAX_LIFE = Duration.ofDays(3650);

  /** How many tokens a user may have. */
  static final int MAX_PER_USER = 100;

  /** How long a command's token lives after its last use. */
  static final Duration COMMAND_LIFE = Duration.ofMinutes(1);

  /** How exact the time of last use is: one write in this time. */
  private static final Duration USE_RESOLUTION = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final String PREFIX = "paas_";
  private static final int SECRET_BYTES = 32;

  /** Characters of the id; none of them is of the secret. */
  private static final int ID_LENGTH = 7;

  private static final String ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  private final Store store;
  private final Clock clock;
  private final Ticker ticker;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentHashMap<String, CommandUse> commands = new ConcurrentHashMap<>();

  /** When a use was last tried to be kept and there was no room, by the token's hash. */
  private final ConcurrentHashMap<String, Instant> unkept = new ConcurrentHashMap<>();

  private record CommandUse(User user, Actor actor, long lastUseNanos) {}

  private final Event<AccessChanged> changed;

  public Tokens(Store store, Clock clock, Ticker ticker, Event<AccessChanged> changed) {
    this.store = store;
    this.clock = clock;
    this.ticker = ticker;
    this.changed = changed;
  }

  /** What a token is good for, if it is valid now. */
  public Optional<Grant> authenticate(String token) {
    if (!token.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String hash = hash(token);
    CommandUse command = command(hash);
    if (command != null) {
      Actor actor = command.actor();
      return Optional.of(
          new Grant(command.user(), Scope.WRITE, actor.credential(), actor.address()));
    }
    Instant now = clock.instant();
    Found found = store.read(() -> find(hash, now));
    if (found != null && found.useIsNews()) {
      noteUse(hash, now);
    }
    return Optional.ofNullable(found).map(Found::grant);
  }

  /** Nobody who only reads is refused because a full disk can't keep when a token was used. */
  private void noteUse(String hash, Instant now) {
    Instant tried = unkept.get(hash);
    if (tried != null && tried.plus(USE_RESOLUTION).isAfter(now)) {
      return;
    }
    try {
      store.write(() -> TokenRow.update("lastUsedAt = ?1 where hash = ?2", micros(now), hash));
      unkept.remove(hash);
    } catch (PaasException failed) {
      if (failed.problem().kind() != Kind.FULL) {
        throw failed;
      }
      unkept.put(hash, now);
    }
  }

  private record Found(Grant grant, boolean useIsNews) {}

  private static @Nullable Found find(String hash, Instant now) {
    TokenRow row = TokenRow.findById(hash);
    UserRow user = row == null ? null : UserRow.findById(row.userName);
    if (row == null || user == null || !same(row.hash, hash) || row.expired(now)) {
      return null;
    }
    boolean news = row.lastUsedAt == null || row.lastUsedAt.plus(USE_RESOLUTION).isBefore(now);
    return new Found(new Grant(user.user(), Scope.of(row.scope), "token " + row.prefix, ""), news);
  }

  /**
   * A token for one command that runs inside the control plane: never stored, dead when it is
   * closed or after a minute without use.
   *
   * @param actor whom the audit names for what the command does
   */
  public CommandToken forCommand(User user, Actor actor) {
    String secret = secret(id());
    String hash = hash(secret);
    commands.values().removeIf(use -> ticker.since(use.lastUseNanos()).compareTo(COMMAND_LIFE) > 0);
    commands.put(hash, new CommandUse(user, actor, ticker.nanos()));
    return new CommandToken(secret, () -> commands.remove(hash));
  }

  /** The tokens of a user, by name. */
  public List<Token> list(User user) {
    return store.read(
        () ->
            TokenRow.<TokenRow>list("userName = ?1 order by name", user.name()).stream()
                .map(
                    r ->
                        new Token(
                            r.name,
                            r.prefix,
                            Scope.of(r.scope),
                            r.createdAt,
                            r.expiresAt,
                            r.lastUsedAt))
                .toList());
  }

  /**
   * Makes a token.
   *
   * @param lifeSeconds null when it does not expire
   * @throws dev.paas.base.problem.PaasException {@code token.exists}, {@code token.too-many},
   *     {@code token.bad-life}
   */
  public Token.Created create(User user, String name, Scope scope, @Nullable Long lifeSeconds) {
    Instant now = micros(clock.instant());
    Instant expires = lifeSeconds == null ? null : now.plus(checkLife(lifeSeconds));
    String id = id();
    String secret = secret(id);
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("token", name)
        .addKeyValue("scope", scope.text())
        .log("audit: token create");
    return store.commit(
        () -> {
          requireNew(user, name);
          TokenRow row = new TokenRow();
          row.hash = hash(secret);
          row.userName = user.name();
          row.name = name;
          row.prefix = id;
          row.scope = scope.text();
          row.createdAt = now;
          row.expiresAt = expires;
          row.persist();
          return new Token.Created(name, secret, scope, expires);
        });
  }

  /** Part of the commit that makes the token. */
  private static void requireNew(User user, String name) {
    if (TokenRow.count("userName = ?1 and name = ?2", user.name(), name) > 0) {
      throw Problem.of(
              Kind.CONFLICT,
              "token.exists",
              "You already have a token of this name",
              name,
              "Choose another name or delete it first.")
          .asException();
    }
    if (TokenRow.count("userName", user.name()) >= MAX_PER_USER) {
      throw Problem.of(
              Kind.INVALID,
              "token.too-many",
              "A user has at most 100 tokens",
              "Delete some that are not used.")
          .asException();
    }
  }

  /**
   * Revokes a token.
   *
   * @throws dev.paas.base.problem.PaasException {@code token.not-found}
   */
  public void delete(User user, String name) {
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("token", name)
        .log("audit: token delete");
    long gone =
        store.commit(
            () -> {
              store.afterCommit(() -> changed.fire(new AccessChanged(user.name())));
              return TokenRow.delete("userName = ?1 and name = ?2", user.name(), name);
            });
    if (gone == 0) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "token.not-found",
              "You have no token of this name",
              name,
              "See your tokens with paas tokens.")
          .asException();
    }
  }

  /**
   * Who somebody is now whom a key or token of theirs let in before; nobody when that is gone.
   *
   * @param credential as {@link Grant} names it, or the audit names a key
   */
  public Optional<User> standing(String user, String credential) {
    return store.read(
        () -> {
          UserRow row = UserRow.findById(user);
          return row != null && stands(user, credential)
              ? Optional.of(row.user())
              : Optional.empty();
        });
  }

  private boolean stands(String user, String credential) {
    String[] words = credential.split(" ", 2);
    if (words.length == 2 && words[0].equals("key")) {
      return KeyRow.count("fingerprint = ?1 and userName = ?2", words[1], user) > 0;
    }
    return words.length == 2
        && words[0].equals("token")
        && TokenRow.count(
                "prefix = ?1 and userName = ?2 and (expiresAt is null or expiresAt > ?3)",
                words[1],
                user,
                clock.instant())
            > 0;
  }

  private @Nullable CommandUse command(String hash) {
    return commands.computeIfPresent(
        hash,
        (h, use) ->
            ticker.since(use.lastUseNanos()).compareTo(COMMAND_LIFE) > 0
                ? null
                : new CommandUse(use.user(), use.actor(), ticker.nanos()));
  }

  private static Duration checkLife(long seconds) {
    if (seconds < 1 || seconds > MAX_LIFE.toSeconds()) {
      throw Problem.of(
              Kind.INVALID,
              "token.bad-life",
              "A token can't live this long",
              seconds + " s",
              "Use 1 to " + MAX_LIFE.toSeconds() + " seconds, or leave it out.")
          .asException();
    }
    return Duration.ofSeconds(seconds);
  }

  /** What a token begins with and is listed by. */
  private String id() {
    StringBuilder id = new StringBuilder(PREFIX);
    random
        .ints(ID_LENGTH, 0, ID_ALPHABET.length())
        .forEach(at -> id.append(ID_ALPHABET.charAt(at)));
    return id.toString();
  }

  private String secret(String id) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hash(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static Instant micros(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }
}
