package dev.paas.builder.plan;

import dev.paas.contract.runtime.Image;

/**
 * Finds the image that a build starts from: in production a question to paas-runtimed ({@code
 * ResolveImage} with pull).
 */
@FunctionalInterface
public interface BaseImages {

  /**
   * For a plan that is made to be checked only, before any image is fetched: every name is an image
   * of which nothing is known.
   */
  BaseImages UNKNOWN =
      new BaseImages() {
        @Override
        public Image resolve(String ref) {
          return Image.getDefaultInstance();
        }

        @Override
        public boolean known() {
          return false;
        }
      };

  /**
   * The image of this name, fetched when it is missing.
   *
   * @throws dev.paas.base.problem.PaasException when there is none
   */
  Image resolve(String ref);

  /** False when what images hold is not known, so that what depends on it can't be judged. */
  default boolean known() {
    return true;
  }
}
