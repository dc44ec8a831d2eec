package dev.paas.api.http;

import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.base.settings.PlatformSettings;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Says which platform this is; needs no token. */
@Path("/v1/version")
public final class VersionResource {

  private final Version version;

  /** What a client needs to know before it has a token. */
  public record Version(
      String version, String platform, String domain, int sshPort, int httpPort) {}

  public VersionResource(
      PlatformSettings settings,
      @ConfigProperty(name = "quarkus.application.version") String build) {
    this.version =
        new Version(
            build,
            settings.platform().id(),
            settings.platform().domain(),
            settings.ssh().listen().port(),
            settings.router().http().first().port());
  }

  @GET
  @Needs(Permission.SEE_VERSION)
  public Version version() {
    return version;
  }
}
