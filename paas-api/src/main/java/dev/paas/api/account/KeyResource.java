package dev.paas.api.account;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.NamedUsers;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.identity.Key;
import dev.paas.api.identity.Keys;
import dev.paas.api.identity.Names;
import dev.paas.api.identity.User;
import dev.paas.api.store.Store;
import dev.paas.gitreceiver.key.SshPublicKey;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSH keys over HTTP. */
@Path("/v1/keys")
@Consumes(MediaType.APPLICATION_JSON)
public final class KeyResource {

  private final Keys keys;
  private final NamedUsers users;
  private final CurrentUser current;
  private final Store store;
  private final IdempotentAnswers answers;

  /** A key to add; {@code user} is for admins. */
  public record Add(@Nullable String name, @Nullable String key, @Nullable String user) {}

  public KeyResource(
      Keys keys, NamedUsers users, CurrentUser current, Store store, IdempotentAnswers answers) {
    this.keys = keys;
    this.users = users;
    this.current = current;
    this.store = store;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_KEYS)
  public List<Key> list(@QueryParam("user") @Nullable String user) {
    return keys.list(users.known(user));
  }

  @POST
  @Needs(Permission.CHANGE_KEYS)
  public Response add(@Nullable Add body) {
    Add add = body == null ? new Add(null, null, null) : body;
    String name = Names.check(add.name());
    SshPublicKey key = SshPublicKey.parse(add.key() == null ? "" : add.key());
    return answers.commit(
        201,
        () -> {
          User user = users.knownOrNew(add.user());
          Key added = keys.add(user, name, key);
          current.did("key.add", null, user.name() + " " + added.fingerprint());
          return added;
        });
  }

  @DELETE
  @Path("{name}")
  @Needs(Permission.CHANGE_KEYS)
  public Response delete(
      @PathParam("name") String name, @QueryParam("user") @Nullable String user) {
    return store.commit(
        () -> {
          User whose = users.known(user);
          keys.delete(whose, name);
          current.did("key.delete", null, whose.name() + " " + name);
          return answers.giveNothing();
        });
  }
}
