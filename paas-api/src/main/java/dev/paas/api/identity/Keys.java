package dev.paas.api.identity;

import dev.paas.api.store.Store;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.key.SshPublicKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SSH keys of users. A key belongs to one user: it is what tells them apart at the SSH server.
 */
@ApplicationScoped
public class Keys {

  /** How many keys a user may have. */
  static final int MAX_PER_USER = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

  private final Store store;
  private final Clock clock;
  private final Event<AccessChanged> changed;

  public Keys(Store store, Clock clock, Event<AccessChanged> changed) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
  }

  /** The user whose key has this fingerprint ({@code SHA256:…}). */
  public Optional<User> userOf(String fingerprint) {
    return store.read(
        () -> {
          KeyRow key = KeyRow.findById(fingerprint);
          return key == null
              ? Optional.empty()
              : Optional.ofNullable(UserRow.<UserRow>findById(key.userName)).map(UserRow::user);
        });
  }

  /** The keys of a user, by name. */
  public List<Key> list(User user) {
    return store.read(
        () ->
            KeyRow.<KeyRow>list("userName = ?1 order by name", user.name()).stream()
                .map(KeyRow::key)
                .toList());
  }

  /**
   * Gives a user a key.
   *
   * @throws dev.paas.base.problem.PaasException {@code key.exists}, {@code key.too-many}
   */
  public Key add(User user, String name, SshPublicKey key) {
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("key", key.fingerprint())
        .log("audit: key add");
    return store.commit(
        () -> {
          requireNew(user, name, key);
          KeyRow row = new KeyRow();
          row.fingerprint = key.fingerprint();
          row.userName = user.name();
          row.name = name;
          row.type = key.type();
          row.keyText = key.text();
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.persist();
          return row.key();
        });
  }

  /** Part of the commit that adds the key. */
  private static void requireNew(User user, String name, SshPublicKey key) {
    KeyRow known = KeyRow.findById(key.fingerprint());
    if (known != null) {
      // Whose it is stays untold, unless it is the caller's.
      String where =
          known.userName.equals(user.name())
              ? "You have it as " + known.name + "."
              : "Use another key.";
      throw Problem.of(
              Kind.CONFLICT, "key.exists", "This key is already known", key.fingerprint(), where)
          .asException();
    }
    if (KeyRow.count("userName = ?1 and name = ?2", user.name(), name) > 0) {
      throw Problem.of(
              Kind.CONFLICT,
              "key.exists",
              "You already have a key of this name",
              name,
              "Choose another name or delete it first.")
          .asException();
    }
    if (KeyRow.count("userName", user.name()) >= MAX_PER_USER) {
      throw Problem.of(
              Kind.INVALID,
              "key.too-many",
              "A user has at most 100 keys",
              "Delete some that are not used.")
          .asException();
    }
  }

  /**
   * Takes a key away from a user.
   *
   * @throws dev.paas.base.problem.PaasException {@code key.not-found}
   */
  public void delete(User user, String name) {
    LOG.atInfo().addKeyValue("user", user.name()).addKeyValue("key", name).log("audit: key delete");
    long gone =
        store.commit(
            () -> {
              store.afterCommit(() -> changed.fire(new AccessChanged(user.name())));
              return KeyRow.delete("userName = ?1 and name = ?2", user.name(), name);
            });
    if (gone == 0) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "key.not-found",
              "You have no key of this name",
              name,
              "See your keys with paas keys.")
          .asException();
    }
  }
}
