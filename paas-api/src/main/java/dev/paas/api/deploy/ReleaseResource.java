package dev.paas.api.deploy;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.base.name.AppName;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Releases over HTTP, and the way back to an earlier one. */
@Path("/v1/apps/{app}")
@Consumes(MediaType.APPLICATION_JSON)
public final class ReleaseResource {

  private final Apps apps;
  private final CurrentUser current;
  private final Releases releases;
  private final Formations formations;
  private final OldImages images;

  /**
   * A release as the API shows it.
   *
   * @param kept its image is there, so that a rollback reaches it
   */
  public record ReleaseView(
      String version,
      Instant createdAt,
      boolean current,
      boolean kept,
      String image,
      String description,
      String commit,
      String user,
      int configVersion,
      SortedMap<String, String> processes) {}

  ReleaseResource(
      Apps apps, CurrentUser current, Releases releases, Formations formations, OldImages images) {
    this.apps = apps;
    this.current = current;
    this.releases = releases;
    this.formations = formations;
    this.images = images;
  }

  @GET
  @Path("releases")
  @Needs(Permission.SEE_RELEASES)
  public List<ReleaseView> list(@PathParam("app") AppName app) {
    apps.require(current, app);
    Optional<ReleaseVersion> serving = formations.of(app).release();
    Set<String> kept = images.kept(app);
    return releases.list(app).stream().map(release -> view(release, serving, kept)).toList();
  }

  @GET
  @Path("releases/{version}")
  @Needs(Permission.SEE_RELEASES)
  public ReleaseView get(@PathParam("app") AppName app, @PathParam("version") String version) {
    apps.require(current, app);
    Release release = releases.get(app, ReleaseVersion.parse(version));
    return view(release, formations.of(app).release(), images.kept(app));
  }

  private static ReleaseView view(
      Release release, Optional<ReleaseVersion> serving, Set<String> kept) {
    SortedMap<String, String> processes = new TreeMap<>();
    release
        .processes()
        .forEach((process, spec) -> processes.put(process.value(), spec.command().shown()));
    return new ReleaseView(
        release.version().toString(),
        release.createdAt(),
        serving.filter(release.version()::equals).isPresent(),
        kept.contains(release.image()),
        release.image(),
        release.description(),
        release.commit(),
        release.user(),
        release.configVersion(),
        processes);
  }
}
