package dev.paas.api.image;

import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentRequests;
import dev.paas.api.deploy.DeploymentView;
import dev.paas.api.deploy.DeploymentViews;
import dev.paas.api.deploy.OldImages;
import dev.paas.api.disk.DiskQuota;
import dev.paas.api.identity.User;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.InspectedImage;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.plan.WebPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/**
 * Images that apps run without having built them.
 *
 * <ol>
 *   <li>the image gets a name of the app, which keeps it; a crash leaves the name, which goes with
 *       the app's next deployment of an image, or with the app
 *   <li>the deployment is asked for in one commit
 * </ol>
 */
@ApplicationScoped
class ForeignImages {

  /** What is shown of a command, in characters. */
  private static final int MAX_SHOWN = 1000;

  private final ImageStore images;
  private final DiskQuota quota;
  private final OldImages old;
  private final DeploymentRequests requests;
  private final DeploymentViews views;

  ForeignImages(
      ImageStore images,
      DiskQuota quota,
      OldImages old,
      DeploymentRequests requests,
      DeploymentViews views) {
    this.images = images;
    this.quota = quota;
    this.old = old;
    this.requests = requests;
    this.views = views;
  }

  /** An image that is kept for an app. */
  record Ready(DeploymentRequest.Image request) {}

  /**
   * Keeps an image for an app.
   *
   * @param ref what whoever asks calls it
   * @throws PaasException {@code image.no-command}, {@code quota.disk}
   */
  Ready prepare(AppName app, String digest, String ref) {
    InspectedImage.Config config = images.inspect(digest).config();
    List<String> words = new ArrayList<>(config.entrypoint());
    words.addAll(config.cmd());
    if (words.isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "image.no-command",
              "The image says nothing of what it starts",
              ref,
              "Deploy one with CMD or ENTRYPOINT, or build on it with a Dockerfile.")
          .asException();
    }
    String command = String.join(" ", words);
    String shown = command.substring(0, Math.min(MAX_SHOWN, command.length()));
    var unused = images.tag(digest, OldImages.name(app, digest));
    try {
      quota.require(app);
    } catch (PaasException beyond) {
      if (!old.kept(app).contains(digest)) {
        var unusedAnswer = images.remove(OldImages.name(app, digest));
      }
      throw beyond;
    }
    return new Ready(
        new DeploymentRequest.Image(
            digest,
            Problem.printable(ref),
            shown,
            WebPort.of(config.exposedPorts(), config.env())));
  }

  /** Asks for it to be run; part of a commit. */
  DeploymentView deploy(AppName app, Ready ready, User user) {
    return views.of(requests.image(app, ready.request(), user));
  }
}
