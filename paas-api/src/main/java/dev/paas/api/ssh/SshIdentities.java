package dev.paas.api.ssh;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.api.identity.Keys;
import dev.paas.api.identity.User;
import dev.paas.api.identity.Users;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.key.SshPublicKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Whose key it is that somebody connects with. */
@ApplicationScoped
class SshIdentities {

  private final Keys keys;
  private final Users users;
  private final Refusals refusals;

  SshIdentities(Keys keys, Users users, Refusals refusals) {
    this.keys = keys;
    this.users = users;
    this.refusals = refusals;
  }

  /** Who has the key; nobody is an entry of the audit. */
  Optional<Identity> of(SshPublicKey key, String address) {
    Optional<User> user = keys.userOf(key.fingerprint());
    if (user.isEmpty()) {
      refusals.add(new Actor("", "", address), "key.refused", null);
    }
    return user.map(known -> new Identity(known.name(), key.fingerprint(), address));
  }

  /**
   * The user of a connection, who may have been removed since it was made.
   *
   * @throws PaasException {@code access.forbidden}
   */
  User user(Identity identity) {
    return users
        .find(identity.user())
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.FORBIDDEN,
                        "access.forbidden",
                        "The user of this key does not exist any more",
                        identity.user(),
                        "Ask an admin.")
                    .asException());
  }
}
