package dev.paas.api.account;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Who a caller is to the platform, over HTTP. */
@Path("/v1/whoami")
public final class WhoamiResource {

  private final CurrentUser current;

  /**
   * Whose proof the request carried.
   *
   * @param admin whether every app is open to them
   * @param scope {@code read} or {@code write}
   */
  public record Whoami(String user, boolean admin, String scope) {}

  WhoamiResource(CurrentUser current) {
    this.current = current;
  }

  @GET
  @Needs(Permission.LIST_APPS)
  public Whoami get() {
    return new Whoami(
        current.user().name(),
        current.may(Permission.EXAMINE_PLATFORM),
        current.subject().scope().text());
  }
}
