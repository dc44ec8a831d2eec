package dev.paas.api.identity;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.store.Store;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.key.SshPublicKey;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first admin of a fresh platform from {@code <data>/db/first-admin.pub} and leaves a
 * token in {@code <data>/db/first-admin.token} (0600).
 *
 * <ol>
 *   <li>commit user, key and token: a crash before leaves nothing, the next start does it again
 *   <li>write the token's file: a crash before leaves an admin who has the key alone, which is
 *       enough to make a token over ssh
 * </ol>
 */
@Singleton
class FirstAdmin {

  private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);
  private static final String NAME = "first-admin";

  private final Store store;
  private final Users users;
  private final Keys keys;
  private final Tokens tokens;
  private final Audit audit;
  private final Path folder;

  FirstAdmin(
      Store store, Users users, Keys keys, Tokens tokens, Audit audit, PlatformSettings settings) {
    this.audit = audit;
    this.store = store;
    this.users = users;
    this.keys = keys;
    this.tokens = tokens;
    this.folder = settings.platform().data().resolve("db");
  }

  void onStart(@Observes @Priority(200) StartupEvent started) {
    if (users.none()) {
      try {
        new DurableFile(folder.resolve(NAME + ".pub")).readString().ifPresent(this::create);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  private void create(String publicKey) {
    SshPublicKey key = SshPublicKey.parse(publicKey);
    Token.Created token =
        store.commit(
            () -> {
              User admin = users.findOrCreate(Actor.PLATFORM, "admin", true);
              keys.add(admin, NAME, key);
              audit.done(Actor.PLATFORM, "key.add", null, "admin " + key.fingerprint());
              audit.done(Actor.PLATFORM, "token.create", null, "admin " + NAME);
              return tokens.create(admin, NAME, Scope.WRITE, null);
            });
    try {
      new DurableFile(folder.resolve(NAME + ".token")).write(token.token() + "\n");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    LOG.atInfo().addKeyValue("key", key.fingerprint()).log("first admin created");
  }
}
