package dev.paas.runtime.solve;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A root filesystem as the layers it is made of, lowest first. Its identity is its content: the
 * same layers are the same root filesystem, whatever steps led there.
 */
record Rootfs(List<Sha256> layers) {

  static final Rootfs EMPTY = new Rootfs(List.of());

  Rootfs {
    layers = List.copyOf(layers);
  }

  /** With one more layer on top, or this one when a step changed nothing. */
  Rootfs with(Optional<Sha256> layer) {
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
