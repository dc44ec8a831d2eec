package dev.paas.api.building;

import dev.paas.api.disk.DiskQuota;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ResolveImageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/** The images that builds begin with, as paas-runtimed has them or can fetch them. */
@ApplicationScoped
class BuildImages {

  private final RuntimeClient runtime;
  private final DiskQuota quota;
  private final PlatformSettings.Build settings;

  BuildImages(RuntimeClient runtime, DiskQuota quota, PlatformSettings settings) {
    this.runtime = runtime;
    this.quota = quota;
    this.settings = settings.build();
  }

  /**
   * The image for a build of the app, fetched when it is not there; that may take as long as a
   * build.
   */
  Image fetched(AppName app, String name) {
    return isMissing(name) ? quota.fetch(app, name, most -> resolve(name, most)) : resolve(name, 0);
  }

  private Image resolve(String name, long maxBytes) {
    ResolveImageRequest request =
        ResolveImageRequest.newBuilder().setRef(name).setPull(true).setMaxBytes(maxBytes).build();
    return runtime.call(
        () ->
            runtime
                .patiently()
                .withDeadlineAfter(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .resolveImage(request));
  }

  /** Whether the image must be fetched before it can be used. */
  boolean isMissing(String name) {
    ResolveImageRequest request = ResolveImageRequest.newBuilder().setRef(name).build();
    try {
      runtime.call(() -> runtime.now().resolveImage(request));
      return false;
    } catch (PaasException answer) {
      return answer.problem().kind() == Kind.NOT_FOUND;
    }
  }
}
