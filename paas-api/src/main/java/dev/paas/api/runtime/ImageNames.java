package dev.paas.api.runtime;

import dev.paas.contract.runtime.RemoveImageRequest;
import jakarta.enterprise.context.ApplicationScoped;

/** The names of images in paas-runtimed's store; it collects what has none. */
@ApplicationScoped
public class ImageNames {

  private final RuntimeClient runtime;

  ImageNames(RuntimeClient runtime) {
    this.runtime = runtime;
  }

  /** Takes a name away; false when there is no such name. */
  public boolean remove(String name) {
    RemoveImageRequest request = RemoveImageRequest.newBuilder().setRef(name).build();
    return runtime.call(() -> runtime.now().removeImage(request)).getRemoved();
  }
}
