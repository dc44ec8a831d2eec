package dev.paas.builder.buildpack.go;

import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;

/** Recognises a Go module or workspace; {@link GoApp} says how it is built. */
public final class GoBuildpack implements Buildpack {

  @Override
  public String name() {
    return "Go app";
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    return Detection.byFirstOf(tree, GoFile.WORKSPACE, GoFile.MODULE);
  }

  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    return new GoApp(tree, images, options).plan();
  }
}
