package dev.paas.api.registry;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.registry.RegistryLogins.Login;
import dev.paas.api.store.Store;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logins to registries over HTTP; no answer has a password. */
@Path("/v1/registries")
@Consumes(MediaType.APPLICATION_JSON)
public final class RegistryResource {

  private final RegistryLogins logins;
  private final CurrentUser current;
  private final Store store;
  private final IdempotentAnswers answers;

  /** A login to keep. */
  public record Save(@Nullable String host, @Nullable String username, @Nullable String password) {

    @Override
    public String toString() {
      return host + " " + username + ":***";
    }
  }

  RegistryResource(
      RegistryLogins logins, CurrentUser current, Store store, IdempotentAnswers answers) {
    this.logins = logins;
    this.current = current;
    this.store = store;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_REGISTRIES)
  public List<Login> list() {
    return logins.list(current.user());
  }

  @POST
  @Needs(Permission.CHANGE_REGISTRIES)
  public Response save(@Nullable Save body) {
    Save save = body == null ? new Save(null, null, null) : body;
    return answers.commit(
        201,
        () -> {
          Login login =
              logins.save(
                  current.user(), said(save.host()), said(save.username()), said(save.password()));
          current.did("registry.login", null, login.host() + " " + login.username());
          return login;
        });
  }

  private static String said(@Nullable String text) {
    return text == null ? "" : text;
  }

  @DELETE
  @Needs(Permission.CHANGE_REGISTRIES)
  public Response remove(@QueryParam("host") @DefaultValue("") String host) {
    return store.commit(
        () -> {
          logins.remove(current.user(), host);
          current.did("registry.logout", null, host);
          return answers.giveNothing();
        });
  }
}
