package dev.paas.builder.buildpack.node;

import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;

/** Recognises a Node app by its manifest; {@link NodeApp} says how it is built. */
public final class NodeBuildpack implements Buildpack {

  @Override
  public String name() {
    return "Node app";
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    return Detection.byFirstOf(tree, PackageJson.NAME);
  }

  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    return NodeApp.plan(tree, images, options);
  }
}
