package dev.paas.builder.plan;

import dev.paas.contract.runtime.Image;

/**
 * Finds the image that a build starts from: in production a question to paas-runtimed ({@code
 * ResolveImage} with pull).
 */
@FunctionalInterface
public interface BaseImages {

  /**
   * The image of this name, fetched when it is missing.
   *
   * @throws dev.paas.base.problem.PaasException when there is none
   */
  Image resolve(String ref);
}
