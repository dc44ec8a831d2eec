package dev.paas.runtime.layer;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes stored layers as the tars that their digests name. */
public final class LayerWriter {

  private final LayerStore store;
  private final NameRoom room;

  public LayerWriter(LayerStore store, NameRoom room) {
    this.store = store;
    this.room = room;
  }

  /**
   * Passes when the layer's tar can be written. A layer that a step made is its own tar; one that
   * came as a tar before recipes were kept may not be.
   *
   * @throws PaasException {@code image.not-reproducible}
   */
  public void check(Layer layer) throws IOException {
    if (!Files.exists(store.recipe(layer))) {
      try (Directory directory = Directory.open(layer.directory());
          NameRoom.Share share = room.share()) {
        if (!LayerTar.measure(directory, share).diffId().equals(layer.diffId())) {
          throw notReproducible(layer);
        }
      }
    }
  }

  /**
   * Writes a layer's tar, {@link Layer#tarBytes()} bytes; the stream stays open.
   *
   * @throws PaasException {@code image.not-reproducible}, when what was written is no good
   */
  public void write(Layer layer, OutputStream out) throws IOException {
    MessageDigest digest = Sha256.algorithm();
    DigestOutputStream hashed = new DigestOutputStream(out, digest);
    try (Directory directory = Directory.open(layer.directory());
        NameRoom.Share share = room.share()) {
      if (Files.exists(store.recipe(layer))) {
        TarRecipe.follow(store.recipe(layer), directory, hashed);
      } else {
        var unused = LayerTar.write(directory, hashed, share);
      }
    }
    if (!Sha256.finish(digest).equals(layer.diffId())) {
      throw notReproducible(layer);
    }
  }

  private static PaasException notReproducible(Layer layer) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "image.not-reproducible",
            "A layer of the image is stored without what its archive needs",
            layer.diffId().value(),
            "Remove the image with paas image rm, then pull, import or build it again.")
        .asException();
  }
}
