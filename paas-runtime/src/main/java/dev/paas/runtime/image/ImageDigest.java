package dev.paas.runtime.image;

import dev.paas.runtime.content.Sha256;

/** The identity of an image: the digest of its manifest. */
public record ImageDigest(Sha256 manifest) implements Comparable<ImageDigest> {

  /** Parses {@code sha256:…}. */
  public static ImageDigest parse(String text) {
    return new ImageDigest(new Sha256(text));
  }

  @Override
  public int compareTo(ImageDigest other) {
    return manifest.compareTo(other.manifest);
  }

  @Override
  public String toString() {
    return manifest.value();
  }
}
