package dev.paas.api.image;

import dev.paas.api.disk.DiskQuota;
import dev.paas.api.disk.FetchedImages;
import dev.paas.api.runtime.ImageStore;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/**
 * Names that people give to images: an admin's stay whoever else wanted the image, a user's stay
 * when the user has room for what they lead to.
 */
@ApplicationScoped
class NewNames {

  private final ImageStore images;
  private final DiskQuota quota;
  private final FetchedImages fetched;

  NewNames(ImageStore images, DiskQuota quota, FetchedImages fetched) {
    this.images = images;
    this.quota = quota;
    this.fetched = fetched;
  }

  /**
   * What a new image of somebody may unpack to, in bytes; 0 when nothing limits it.
   *
   * @param owner empty for an admin
   * @throws dev.paas.base.problem.PaasException {@code quota.disk}
   */
  long room(String owner) {
    return quota.room(owner).orElse(0);
  }

  /** An admin wants the image of this name. */
  void keep(String name) {
    fetched.keep(name);
  }

  /**
   * Keeps names that were just given; or takes them back, so that they lead to what they led to
   * before, as far as that is still there.
   *
   * @param owner empty for an admin
   * @param names each with the digest of the image that it led to before, or nothing
   * @throws dev.paas.base.problem.PaasException {@code quota.disk}
   */
  void settle(String owner, Map<String, String> names) {
    if (owner.isEmpty()) {
      names.keySet().forEach(fetched::keep);
    } else {
      quota.settle(owner, () -> names.forEach(this::takeBack));
    }
  }

  private void takeBack(String name, String before) {
    if (before.isEmpty() || !restored(name, before)) {
      images.remove(name);
    }
  }

  /** False: nothing else needed the earlier image, and it has been collected meanwhile. */
  private boolean restored(String name, String before) {
    try {
      var unused = images.tag(before, name);
      return true;
    } catch (PaasException gone) {
      if (gone.problem().kind() != Kind.NOT_FOUND) {
        throw gone;
      }
      return false;
    }
  }
}
