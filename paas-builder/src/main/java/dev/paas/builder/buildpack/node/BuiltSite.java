package dev.paas.builder.buildpack.node;

import dev.paas.base.name.PathPattern;
import dev.paas.builder.buildpack.nginx.Nginx;
import dev.paas.builder.buildpack.node.Framework.Site;
import dev.paas.builder.plan.Graph;
import dev.paas.contract.runtime.CopyOp;
import java.util.ArrayList;
import java.util.List;

/** The files that a build made, in an image that has nothing of the build. */
final class BuiltSite {

  /** Where they are gathered, in the folder of the app. */
  private static final String GATHERED = ".paas-site";

  private BuiltSite() {}

  /**
   * The image's root filesystem.
   *
   * @param built the node of the graph after the build
   */
  static String image(Graph graph, NodeSteps steps, String stack, String built, Site site) {
    List<String> argv = new ArrayList<>(List.of("node", Tools.SITE, GATHERED));
    argv.addAll(site.folders());
    String gathered = steps.own("Gathering what was built", built, argv);
    String server = Nginx.configured(graph, stack, site.routing(), true);
    return graph.copy(
        "Copying the site",
        CopyOp.newBuilder()
            .setInput(server)
            .setFrom(gathered)
            .addSources(PathPattern.quote("app/" + GATHERED))
            .setDestination(Nginx.ROOT)
            .setOwner("0:0"));
  }
}
