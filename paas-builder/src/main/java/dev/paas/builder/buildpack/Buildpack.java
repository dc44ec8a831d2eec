package dev.paas.builder.buildpack;

import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;

/**
 * One way to make an image of a source tree: for a language, or for a Dockerfile. It has no state,
 * and touches nothing but the tree and the base images that it is given.
 */
public interface Buildpack {

  /** What the source is, as people say it, e.g. {@code Node app}. */
  String name();

  /**
   * Whether it takes this tree. This runs for every push before it is queued, so it looks up a few
   * fixed paths, and neither walks the tree nor reads what is in a file.
   */
  Detection detect(SourceTree tree) throws IOException;

  /**
   * How a tree that {@link #detect} takes becomes an image; without the Procfile, which is laid
   * over the plan of any buildpack. With {@link BaseImages#UNKNOWN} it checks what does not depend
   * on the base image.
   *
   * @throws dev.paas.base.problem.PaasException what is wrong with the files that describe the
   *     build, naming the place, or with a base image
   */
  Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException;
}
