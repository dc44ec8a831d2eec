package dev.paas.api.account;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.NamedUsers;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.identity.Names;
import dev.paas.api.identity.Scope;
import dev.paas.api.identity.Token;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import dev.paas.api.store.Store;
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

/** API tokens over HTTP. */
@Path("/v1/tokens")
@Consumes(MediaType.APPLICATION_JSON)
public final class TokenResource {

  private final Tokens tokens;
  private final NamedUsers users;
  private final CurrentUser current;
  private final Store store;
  private final IdempotentAnswers answers;

  /**
   * A token to make; {@code user} is for admins, no life means that it does not expire, no scope
   * that it may do everything.
   */
  public record Create(
      @Nullable String name,
      @Nullable String scope,
      @Nullable Long expiresInSeconds,
      @Nullable String user) {}

  public TokenResource(
      Tokens tokens,
      NamedUsers users,
      CurrentUser current,
      Store store,
      IdempotentAnswers answers) {
    this.tokens = tokens;
    this.users = users;
    this.current = current;
    this.store = store;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_TOKENS)
  public List<Token> list(@QueryParam("user") @Nullable String user) {
    return tokens.list(users.known(user));
  }

  @POST
  @Needs(Permission.CHANGE_TOKENS)
  public Response create(@Nullable Create body) {
    Create create = body == null ? new Create(null, null, null, null) : body;
    String name = Names.check(create.name());
    Scope scope = create.scope() == null ? Scope.WRITE : Scope.of(create.scope());
    return answers.commit(
        201,
        () -> {
          User user = users.knownOrNew(create.user());
          Token.Created made = tokens.create(user, name, scope, create.expiresInSeconds());
          current.did("token.create", null, user.name() + " " + name + " " + scope.text());
          return made;
        });
  }

  @DELETE
  @Path("{name}")
  @Needs(Permission.CHANGE_TOKENS)
  public Response delete(
      @PathParam("name") String name, @QueryParam("user") @Nullable String user) {
    return store.commit(
        () -> {
          User whose = users.known(user);
          tokens.delete(whose, name);
          current.did("token.delete", null, whose.name() + " " + name);
          return answers.giveNothing();
        });
  }
}
