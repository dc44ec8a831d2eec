package dev.paas.api.domain;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hosts of an app over HTTP. */
@Path("/v1/apps/{app}/domains")
@Consumes(MediaType.APPLICATION_JSON)
public final class DomainResource {

  private final Apps apps;
  private final Domains domains;
  private final CurrentUser current;
  private final Store store;
  private final IdempotentAnswers answers;

  /**
   * A host as the API shows it.
   *
   * @param state {@code active} or {@code pending}
   * @param proof how it was proved
   * @param challenge what proves it; null when it is proved
   */
  public record Answered(
      String host,
      boolean builtIn,
      String state,
      @Nullable String proof,
      @Nullable Challenge challenge) {

    static Answered of(Domain domain) {
      return domain.proved()
          ? new Answered(domain.host(), false, "active", domain.proof(), null)
          : new Answered(
              domain.host(),
              false,
              "pending",
              null,
              new Challenge(domain.record(), "TXT", domain.challenge()));
    }
  }

  /** A record of the domain name system that proves a claim. */
  public record Challenge(String name, String type, String value) {}

  /** A host to add; {@code force} is an admin's word for it. */
  public record Add(@Nullable String host, @Nullable Boolean force) {}

  public DomainResource(
      Apps apps, Domains domains, CurrentUser current, Store store, IdempotentAnswers answers) {
    this.apps = apps;
    this.domains = domains;
    this.current = current;
    this.store = store;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_DOMAINS)
  public List<Answered> list(@PathParam("app") AppName app) {
    apps.require(current, app);
    return Stream.concat(
            Stream.of(new Answered(domains.builtIn(app), true, "active", null, null)),
            domains.added(app).stream().map(Answered::of))
        .toList();
  }

  @POST
  @Needs(Permission.CHANGE_DOMAINS)
  public Response add(@PathParam("app") AppName app, @Nullable Add body) {
    if (body == null || body.host() == null) {
      throw Problem.of(
              Kind.INVALID,
              "domain.bad-name",
              "Which host?",
              "Send {\"host\": \"www.example.com\"}.")
          .asException();
    }
    Host host = Host.parse(body.host());
    return answers.commit(
        201,
        () -> {
          apps.require(current, app);
          if (Boolean.TRUE.equals(body.force())) {
            apps.require(current.subject(), Permission.APPROVE_DOMAIN, app, host.value());
          }
          boolean proved = apps.allows(current.subject(), Permission.APPROVE_DOMAIN, app);
          Domain added = domains.add(current.user(), app, host, proved);
          current.did("domain.add", app, host.value());
          return Answered.of(added);
        });
  }

  @POST
  @Path("{host}/approve")
  @Needs(Permission.APPROVE_DOMAIN)
  public Response approve(@PathParam("app") AppName app, @PathParam("host") String host) {
    return answers.commit(
        200,
        () -> {
          apps.require(current.subject(), current.permission(), app, host);
          Domain approved = domains.approve(current.user(), app, host);
          current.did("domain.approve", app, host);
          return Answered.of(approved);
        });
  }

  @DELETE
  @Path("{host}")
  @Needs(Permission.CHANGE_DOMAINS)
  public Response remove(@PathParam("app") AppName app, @PathParam("host") String host) {
    return store.commit(
        () -> {
          apps.require(current, app);
          domains.remove(current.user(), app, host);
          current.did("domain.remove", app, host);
          return answers.giveNothing();
        });
  }
}
