package dev.paas.runtime.image;

import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.registry.ImageName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An image whose layers are all there, unpacked.
 *
 * @param names normalised names that lead to it
 * @param config what it says about how to run it
 * @param layers diff ids, lowest first
 * @param layerDirectories one for each different layer, lowest first, ready to be stacked: overlay
 *     refuses a directory that is given twice
 * @param bytes unpacked
 */
public record StoredImage(
    ImageDigest digest,
    Set<String> names,
    ImageConfig config,
    List<Sha256> layers,
    List<Path> layerDirectories,
    long bytes,
    Instant created) {

  public StoredImage {
    names = Set.copyOf(names);
    layers = List.copyOf(layers);
    layerDirectories = List.copyOf(layerDirectories);
  }

  /**
   * Whether builds and instances of an app may use it: its own image, or one with a name that
   * belongs to no app and no user. What a user runs without an app may be one of the user's. What
   * has lost its last name is nobody's.
   */
  public boolean isOpenTo(AppName app) {
    return names.stream().map(ImageName::parse).anyMatch(name -> isOpen(name, app));
  }

  private static boolean isOpen(ImageName name, AppName app) {
    return name.user()
        .map(user -> PersonalApp.of(user).equals(app))
        .orElseGet(() -> name.app().map(app.value()::equals).orElse(true));
  }

  /** The message of the contract, with a name that was just given. */
  public Image toMessage(String name, Optional<ImageDigest> before) {
    return toMessage().toBuilder()
        .addGiven(
            Image.Given.newBuilder()
                .setName(name)
                .setBefore(before.map(ImageDigest::toString).orElse("")))
        .build();
  }

  /** The message of the contract. */
  public Image toMessage() {
    return Image.newBuilder()
        .setDigest(digest.toString())
        .addAllNames(names.stream().sorted().toList())
        .setConfig(config)
        .addAllLayers(layers.stream().map(Sha256::value).toList())
        .setBytes(bytes)
        .setCreatedAtMillis(created.toEpochMilli())
        .build();
  }
}
