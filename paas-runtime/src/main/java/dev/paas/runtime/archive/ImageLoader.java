package dev.paas.runtime.archive;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.LoadImageResponse;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageDigest;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.Manifests;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.registry.ImageName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stores the images of an archive. Every part is checked against what names it before the next step
 * believes it, and names are given when all images are right; what was unpacked of an archive that
 * is refused is collected.
 */
final class ImageLoader {

  /** Images of one archive, and names of all of them: each is written on its own. */
  private static final int MOST = 100;

  private final ImageStore store;

  ImageLoader(ImageStore store) {
    this.store = store;
  }

  LoadImageResponse load(LoadImageRequest.Header header, InputStream archive)
      throws IOException, InterruptedException {
    ImageStore.Lease held = store.lease();
    try {
      long most = header.getMaxBytes() > 0 ? header.getMaxBytes() : Long.MAX_VALUE;
      ArchiveContent content = new ArchiveContent(store.layers(), store.room().limits(), most);
      content.read(archive);
      List<ArchivedImage> images = images(content);
      checkCount(images.size(), "images");
      checkCount(images.stream().mapToInt(image -> image.names().size()).sum(), "names");
      if (!header.getName().isEmpty() && images.size() > 1) {
        throw severalImages(images.size(), header.getName());
      }
      List<List<ImageName>> names = images.stream().map(image -> names(header, image)).toList();
      List<StoredImage> stored = new ArrayList<>();
      for (ArchivedImage image : images) {
        stored.add(add(image));
      }
      LoadImageResponse.Builder answer = LoadImageResponse.newBuilder();
      for (int i = 0; i < stored.size(); i++) {
        answer.addImages(named(stored.get(i), names.get(i)));
      }
      return answer.build();
    } finally {
      held.close();
    }
  }

  /** Refuses an archive with too many of something. */
  static void checkCount(int count, String what) {
    if (count > MOST) {
      throw BadArchive.malformed("it has more than " + MOST + " " + what, "");
    }
  }

  private LoadImageResponse.Loaded named(StoredImage image, List<ImageName> names) {
    List<Image.Given> given = new ArrayList<>();
    for (ImageName name : names) {
      Optional<ImageDigest> before = store.tag(image.digest(), name.toString());
      given.add(
          Image.Given.newBuilder()
              .setName(name.toString())
              .setBefore(before.map(ImageDigest::toString).orElse(""))
              .build());
    }
    Image named = store.find(image.digest().toString()).toMessage();
    return LoadImageResponse.Loaded.newBuilder()
        .setImage(named.toBuilder().addAllGiven(given))
        .addAllNames(names.stream().map(ImageName::toString).toList())
        .build();
  }

  /** An archive of a newer Docker is both; its layout says more. */
  private static List<ArchivedImage> images(ArchiveContent content) {
    boolean docker = content.find("manifest.json").isPresent();
    if (content.find("index.json").isEmpty()) {
      if (!docker) {
        throw BadArchive.noImage();
      }
      return DockerArchive.images(content);
    }
    List<ArchivedImage> images = ImageLayout.images(content);
    return images.stream().allMatch(image -> image.names().isEmpty()) && docker
        ? DockerArchive.images(content)
        : images;
  }

  private static List<ImageName> names(LoadImageRequest.Header header, ArchivedImage image) {
    List<ImageName> names = new ArrayList<>();
    if (!header.getName().isEmpty()) {
      names.add(ImageName.parse(header.getName()));
    } else {
      for (String text : image.names()) {
        ImageName name = ImageName.parse(text);
        names.add(header.getOwner().isEmpty() ? name : name.of(header.getOwner()));
      }
    }
    if (names.isEmpty()) {
      throw BadArchive.noName("The archive gives an image no name");
    }
    for (ImageName name : names) {
      if (name.app().isPresent() || name.pinned().isPresent()) {
        throw reserved(name);
      }
    }
    return names;
  }

  private StoredImage add(ArchivedImage image) throws IOException {
    String what = image.names().stream().findFirst().orElse("");
    List<Sha256> diffIds = Manifests.diffIds(ArchiveContent.json(image.configuration(), what));
    if (diffIds.size() > ImageStore.MAX_LAYERS) {
      throw BadArchive.malformed("it has more than " + ImageStore.MAX_LAYERS + " layers", what);
    }
    List<Sha256> unpacked = image.layers().stream().map(Layer::diffId).toList();
    if (diffIds.size() != unpacked.size()) {
      throw BadArchive.malformed("its layers and its configuration do not match", what);
    }
    if (!diffIds.equals(unpacked)) {
      throw BadArchive.mismatch(what);
    }
    byte[] manifest =
        image.manifest().isPresent()
            ? image.manifest().get()
            : Manifests.write(image.configuration(), image.layers());
    return store.add(manifest, image.configuration(), "");
  }

  private static PaasException severalImages(int count, String name) {
    return Problem.of(
            Kind.INVALID,
            "image.several-images",
            "The archive holds " + count + " images, which can't all have one name",
            name,
            "Leave the name out, or save one image.")
        .asException();
  }

  private static PaasException reserved(ImageName name) {
    return Problem.of(
            Kind.INVALID,
            "image.reserved-name",
            "An image can't be given the name of an app's build, nor a digest",
            name.familiar(),
            "Give the image another name, e.g. with --name.")
        .asException();
  }
}
