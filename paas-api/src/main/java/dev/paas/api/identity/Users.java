package dev.paas.api.identity;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
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

  /** The user whose runs without an app have this name. */
  public Optional<User> of(AppName personal) {
    return store.read(
        () ->
            UserRow.<UserRow>listAll().stream()
                .map(UserRow::user)
                .filter(user -> PersonalApp.of(user.name()).equals(personal))
                .findAny());
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
  public User findOrCreate(Actor actor, String name, boolean admin) {
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
}
