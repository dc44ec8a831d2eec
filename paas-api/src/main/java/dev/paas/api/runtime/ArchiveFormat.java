package dev.paas.api.runtime;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.SaveImageRequest.Format;
import java.util.Locale;

/** How an image is written as an archive. */
public enum ArchiveFormat {
  /** As {@code docker save} wrote it for years; what most tools read. */
  DOCKER(Format.DOCKER_ARCHIVE),
  /** A tar of an OCI image layout. */
  OCI(Format.OCI_LAYOUT);

  private final Format sent;

  ArchiveFormat(Format sent) {
    this.sent = sent;
  }

  /**
   * Reads {@code docker} or {@code oci}.
   *
   * @throws dev.paas.base.problem.PaasException {@code image.bad-format}
   */
  public static ArchiveFormat parse(String text) {
    for (ArchiveFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
        return format;
      }
    }
    throw Problem.of(
            Kind.INVALID,
            "image.bad-format",
            "There is no such format of archives",
            text,
            "Write docker or oci.")
        .asException();
  }

  Format sent() {
    return sent;
  }
}
