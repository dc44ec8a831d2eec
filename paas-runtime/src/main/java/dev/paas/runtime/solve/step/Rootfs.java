package dev.paas.runtime.solve.step;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A root filesystem as the layers it is made of, lowest first. Its identity is its content: the
 * same layers are the same root filesystem, whatever steps led there.
 */
public record Rootfs(List<Sha256> layers) {

  public static final Rootfs EMPTY = new Rootfs(List.of());

  public Rootfs {
    layers = List.copyOf(layers);
  }

  /** With one more layer on top, or this one when a step changed nothing. */
  public Rootfs with(Optional<Sha256> layer) {
    if (layer.isEmpty()) {
      return this;
    }
    if (layers.size() >= ImageStore.MAX_LAYERS) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.too-many-layers",
              "The image has more than " + ImageStore.MAX_LAYERS + " layers",
              "Join steps, e.g. several RUN instructions with &&.")
          .asException();
    }
    List<Sha256> all = new ArrayList<>(layers);
    all.add(layer.get());
    return new Rootfs(all);
  }
}
