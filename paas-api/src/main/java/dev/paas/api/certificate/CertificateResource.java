package dev.paas.api.certificate;

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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The certificates of an app over HTTP; no answer has a key. */
@Path("/v1/apps/{app}/certificates")
@Consumes(MediaType.APPLICATION_JSON)
public final class CertificateResource {

  private final Apps apps;
  private final AppCertificates certificates;
  private final HostStates states;
  private final CurrentUser current;
  private final Store store;
  private final IdempotentAnswers answers;

  /** A certificate to add, both files in PEM. */
  public record Add(@Nullable String chain, @Nullable String key) {

    @Override
    public String toString() {
      return "***";
    }
  }

  /**
   * A certificate as the API shows it.
   *
   * @param names that it is for
   * @param origin {@code added}, or {@code issued} by an authority on the word of the platform
   * @param hosts where it is shown
   */
  public record Answered(
      String fingerprint,
      Set<String> names,
      String by,
      Instant notBefore,
      Instant notAfter,
      String origin,
      List<String> hosts) {

    static Answered of(AppCertificate one, Map<String, String> shownAt) {
      KeyedChain content = one.content();
      return new Answered(
          one.fingerprint(),
          content.names(),
          Problem.printable(content.leaf().getIssuerX500Principal().getName()),
          content.notBefore(),
          content.notAfter(),
          one.issued() ? "issued" : "added",
          shownAt.entrySet().stream()
              .filter(at -> at.getValue().equals(one.fingerprint()))
              .map(Map.Entry::getKey)
              .sorted()
              .toList());
    }
  }

  /** All of an app: its hosts with what is shown there, and its certificates. */
  public record All(List<HostState> hosts, List<Answered> certificates) {}

  CertificateResource(
      Apps apps,
      AppCertificates certificates,
      HostStates states,
      CurrentUser current,
      Store store,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.certificates = certificates;
    this.states = states;
    this.current = current;
    this.store = store;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_DOMAINS)
  public All list(@PathParam("app") AppName app) {
    apps.require(current, app);
    Map<String, String> shownAt = states.shownAt();
    List<AppCertificate> all = certificates.of(app);
    return new All(
        states.of(app, all, shownAt), all.stream().map(one -> Answered.of(one, shownAt)).toList());
  }

  @POST
  @Needs(Permission.CHANGE_DOMAINS)
  public Response add(@PathParam("app") AppName app, @Nullable Add body) {
    KeyedChain content =
        Pem.parse(
            body == null || body.chain() == null ? "" : body.chain(),
            body == null || body.key() == null ? "" : body.key());
    return answers.commit(
        201,
        () -> {
          apps.require(current, app);
          requireNamed(app, content);
          AppCertificate added = certificates.add(current.user(), app, content);
          current.did("certificate.add", app, added.fingerprint());
          return Answered.of(added, Map.of());
        });
  }

  private void requireNamed(AppName app, KeyedChain content) {
    List<String> hosts = states.hosts(app);
    if (hosts.stream().noneMatch(content::covers)) {
      throw Problem.of(
              Kind.INVALID,
              "certificate.other-names",
              "The certificate is for none of the hosts that " + app + " answers at",
              content.names().isEmpty()
                  ? "no name (subjectAltName)"
                  : Problem.printable(String.join(", ", content.names())),
              "Add the host first (paas domains:add), or give a certificate for one of: "
                  + String.join(", ", hosts)
                  + ".")
          .asException();
    }
  }

  @DELETE
  @Path("{fingerprint}")
  @Needs(Permission.CHANGE_DOMAINS)
  public Response remove(
      @PathParam("app") AppName app, @PathParam("fingerprint") String fingerprint) {
    return store.commit(
        () -> {
          apps.require(current, app);
          String removed = certificates.remove(app, fingerprint);
          current.did("certificate.remove", app, removed);
          return answers.giveNothing();
        });
  }
}
