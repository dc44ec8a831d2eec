package dev.paas.api.identity;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.store.Store;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users of the platform. A user exists from the first key or token that an admin gives. */
@ApplicationScoped
public class Users {

  private static final Logger LOG = LoggerFactory.getLogger(Users.class);

  private final Store store;
  private final Clock clock;
  private final Audit audit;

  public Users(Store store, Clock clock, Audit audit) {
    this.store = store;
    this.clock = clock;
    this.audit = audit;
  }

  public Optional<User> find(String name) {
    return store.read(
        () -> Optional.ofNullable(UserRow.<UserRow>findById(name)).map(UserRow::user));
  }

  /** Whether more than one person can use the platform: has a key, or a token that is valid. */
  public boolean several() {
    return store.read(
        () ->
            UserRow.count(
                    "name in (select k.userName from KeyRow k) or name in (select t.userName from"
                        + " TokenRow t where t.expiresAt is null or t.expiresAt > ?1)",
                    clock.instant())
                > 1);
  }

  boolean none() {
    return store.read(() -> UserRow.count() == 0);
  }

  /** The user of this name, made if there is none. */
  User findOrCreate(Actor actor, String name, boolean admin) {
    User wanted = new User(name, admin);
    return store.commit(
        () ->
            find(name)
                .orElseGet(
                    () -> {
                      LOG.atInfo().addKeyValue("user", name).log("audit: user create");
                      UserRow row = new UserRow();
                      row.name = name;
                      row.admin = admin;
                      row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
                      row.persist();
                      audit.done(actor, "user.create", null, name);
                      return wanted;
                    }));
  }

  /**
   * Whom a request is about: the caller, or for an admin whoever is named, who is made if need be.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.forbidden}
   */
  public User subject(User caller, Actor actor, @Nullable String named) {
    if (named == null || named.equals(caller.name())) {
      return caller;
    }
    mayNameOthers(caller, named);
    return findOrCreate(actor, named, false);
  }

  /**
   * Like {@link #subject}, but nobody is made.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.forbidden}, {@code user.not-found}
   */
  public User known(User caller, @Nullable String named) {
    if (named == null || named.equals(caller.name())) {
      return caller;
    }
    mayNameOthers(caller, named);
    return find(named)
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "user.not-found",
                        "There is no such user",
                        named,
                        "Check the name.")
                    .asException());
  }

  private static void mayNameOthers(User caller, String named) {
    if (!caller.admin()) {
      throw Problem.of(
              Kind.FORBIDDEN,
              "access.forbidden",
              "Only an admin may do this for another user",
              named,
              "Leave out user, or ask an admin.")
          .asException();
    }
  }
}
