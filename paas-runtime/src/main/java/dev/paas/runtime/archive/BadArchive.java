package dev.paas.runtime.archive;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.image.Manifests;

/** Problems of archives that hold images. */
final class BadArchive {

  private BadArchive() {}

  /** Its parts do not fit together. */
  static PaasException malformed(String what, String value) {
    return Problem.of(
            Kind.INVALID,
            "image.bad-manifest",
            "The image can't be used: " + what,
            value,
            "Save the image again.")
        .asException();
  }

  /** A part is not what its digest or name says. */
  static PaasException mismatch(String value) {
    return Problem.of(
            Kind.INVALID,
            "image.digest-mismatch",
            "The archive holds other content than its digests say",
            value,
            "Save the image again; the archive is damaged.")
        .asException();
  }

  static PaasException noImage() {
    return Problem.of(
            Kind.INVALID,
            "image.no-image-in-archive",
            "The archive has neither a manifest.json nor an index.json",
            "Make it with docker save or as an OCI layout; a root filesystem is for paas image import.")
        .asException();
  }

  static PaasException noPlatform(String value) {
    return Problem.of(
            Kind.INVALID,
            "image.no-platform",
            "The image has no variant for linux/" + Manifests.architecture(),
            value,
            "Use an image that is built for this kind of machine.")
        .asException();
  }

  static PaasException noName(String what) {
    return Problem.of(Kind.INVALID, "image.no-name", what, "Give it one, e.g. --name shop:1.")
        .asException();
  }
}
