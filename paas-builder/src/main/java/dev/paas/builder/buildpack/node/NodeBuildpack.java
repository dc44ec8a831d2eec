package dev.paas.builder.buildpack.node;

import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.buildpack.Detection.Matched;
import dev.paas.builder.buildpack.Detection.NotMatched;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;

/**
 * Recognises a Node app by its manifest, or by a server's usual name where there is no page; {@link
 * NodeApp} says how it is built.
 */
public final class NodeBuildpack implements Buildpack {

  @Override
  public String name() {
    return "Node app";
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    Detection manifest = Detection.byFirstOf(tree, PackageJson.NAME);
    if (manifest instanceof Matched || tree.find("index.html").isPresent()) {
      return manifest;
    }
    Detection server = Detection.byFirstOf(tree, "index.js", "server.js");
    return server instanceof Matched
        ? server
        : new NotMatched("no package.json, index.js or server.js");
  }

  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    return NodeApp.plan(tree, images, options);
  }
}
