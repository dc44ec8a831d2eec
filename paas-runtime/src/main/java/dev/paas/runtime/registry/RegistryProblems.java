package dev.paas.runtime.registry;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;

/** Problems with the registry of an image. */
final class RegistryProblems {

  private final ImageName name;

  RegistryProblems(ImageName name) {
    this.name = name;
  }

  PaasException denied() {
    return Problem.of(
            Kind.INVALID,
            "image.access-denied",
            "The registry does not let us at this image",
            name.toString(),
            "Check the name; log in with paas registry:login if the image is private.")
        .asException();
  }

  PaasException notFound() {
    return Problem.of(
            Kind.INVALID,
            "image.not-in-registry",
            "The registry has no such image",
            name.toString(),
            "Check the name and the tag.")
        .asException();
  }

  PaasException failed(String why) {
    return Problem.of(
            Kind.INVALID,
            "image.registry-failed",
            "The registry can't be used: " + why,
            name.toString(),
            "Check the name of the registry and the network, then try again.")
        .asException();
  }

  /** For a registry, or for what it sends its clients to. */
  PaasException isPrivate(String host) {
    return Problem.of(
            Kind.INVALID,
            "image.private-registry",
            "The image is reached through a private address, which is not allowed: " + host,
            name.toString(),
            "Let an admin pull the image (paas image pull), or allow the host (images.allowed-hosts).")
        .asException();
  }
}
