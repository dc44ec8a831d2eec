package dev.paas.api.app;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.http.Answers;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hosts of an app over HTTP. */
@Path("/v1/apps/{app}/domains")
@Consumes(MediaType.APPLICATION_JSON)
public final class DomainResource {

  private final Apps apps;
  private final Domains domains;
  private final CurrentUser current;
  private final Store store;
  private final Answers answers;

  /** A host as the API shows it. */
  public record Domain(String host, boolean builtIn) {}

  /** A host to add. */
  public record Add(@Nullable String host) {}

  public DomainResource(
      Apps apps, Domains domains, CurrentUser current, Store store, Answers answers) {
    this.apps = apps;
    this.domains = domains;
    this.current = current;
    this.store = store;
    this.answers = answers;
  }

  @GET
  public List<Domain> list(@PathParam("app") AppName app) {
    apps.find(current.user(), app);
    return domains.of(app).stream()
        .map(h -> new Domain(h, h.equals(domains.builtIn(app))))
        .toList();
  }

  @POST
  public Response add(@PathParam("app") AppName app, @Nullable Add body) {
    if (body == null || body.host() == null) {
      throw Problem.of("domain.bad-name", "Which host?", "Send {\"host\": \"www.example.com\"}.")
          .asException();
    }
    Host host = Host.parse(body.host());
    return store.commit(
        () -> {
          apps.find(current.user(), app);
          domains.add(current.user(), app, host);
          current.did("domain.add", app, host.value());
          return answers.give(201, new Domain(host.value(), false));
        });
  }

  @DELETE
  @Path("{host}")
  public Response remove(@PathParam("app") AppName app, @PathParam("host") String host) {
    return store.commit(
        () -> {
          apps.find(current.user(), app);
          domains.remove(current.user(), app, host);
          current.did("domain.remove", app, host);
          return answers.giveNothing();
        });
  }
}
