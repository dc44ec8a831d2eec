package dev.paas.api.disk;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.audit.Endings;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** What makes one's own builds faster, over HTTP. */
@Path("/v1/builds/cache")
public final class BuildCacheResource {

  private final DiskQuota disk;
  private final CurrentUser current;
  private final Endings endings;

  BuildCacheResource(DiskQuota disk, CurrentUser current, Endings endings) {
    this.disk = disk;
    this.current = current;
    this.endings = endings;
  }

  @GET
  @Needs(Permission.SEE_QUOTAS)
  public DiskQuota.Caches show() {
    return disk.caches(current.user().name());
  }

  /** Answers when nothing finds them any more. */
  @DELETE
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public void forget() {
    long entry = current.began("builds.forget-cache", null, "");
    try {
      disk.forgetCaches(current.user().name());
      endings.done(entry);
    } catch (RuntimeException failed) {
      endings.failed(entry, failed);
      throw failed;
    }
  }
}
