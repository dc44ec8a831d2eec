package dev.paas.builder.buildpack.staticsite;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.buildpack.nginx.Nginx;
import dev.paas.builder.buildpack.nginx.Routing;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Graph;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import dev.paas.builder.source.StampedTree;
import dev.paas.builder.source.Stamps;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.Image;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A static site: the files of the repository (or of its folder {@code public}) behind nginx, which
 * the stack image has.
 */
public final class StaticSiteBuildpack implements Buildpack {

  private static final String OPTIONS = "Staticfile";
  private static final String PAGE = "index.html";
  private static final String PUBLIC_PAGE = "public/index.html";

  private static final List<String> PRIVATE = List.of(OPTIONS, "Procfile", "node_modules");

  @Override
  public String name() {
    return "Static site";
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    return Detection.byFirstOf(tree, OPTIONS, PAGE, PUBLIC_PAGE);
  }

  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    Staticfile file = options(tree, options.limits());
    SourceTree site = site(tree, file.root());
    boolean hasErrorPage = site.find(under(file.root(), "404.html")).isPresent();
    Image stack = images.resolve(options.stack());

    Graph graph = new Graph(options.limits().maxGraph().bytes());
    String base = graph.image(stack.getDigest(), options.stack());
    Routing routing = file.fallback() ? Routing.INDEX : Routing.FILES;
    String withServer = Nginx.configured(graph, base, routing, hasErrorPage);
    String files = graph.tree(new StampedTree(site, Stamps.BY_CONTENT), "");
    String output =
        graph.copy(
            "Copying the site",
            CopyOp.newBuilder()
                .setInput(withServer)
                .setFrom(files)
                .addSources(PathPattern.quote(file.root()))
                .setDestination(Nginx.ROOT));
    return new Plan(
        graph.build(output),
        Nginx.config(stack),
        graph.trees(),
        Nginx.processes(),
        false,
        List.of());
  }

  private static Staticfile options(SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    boolean publicFolder = tree.find(PAGE).isEmpty() && tree.find(PUBLIC_PAGE).isPresent();
    String defaultRoot = publicFolder ? "public" : ".";
    Optional<String> text = SourceFiles.text(tree, OPTIONS, limits);
    return Staticfile.parse(text.orElse(""), defaultRoot);
  }

  /**
   * What is served: neither hidden files, but for .well-known, nor what configures the platform.
   */
  private static SourceTree site(SourceTree tree, String root) throws IOException {
    String prefix = root.equals(".") ? "" : root + "/";
    SourceTree site =
        tree.only(
            "site " + root,
            path -> path.startsWith(prefix) && isServed(path.substring(prefix.length())));
    if (!root.equals(".") && !tree.hasDirectory(root)) {
      throw Problem.of(
              Kind.INVALID,
              "staticfile.no-files",
              "The folder that the site is served from has no files",
              root,
              "Add the files to the repository, or name another folder: root: FOLDER in Staticfile.")
          .asException();
    }
    return site;
  }

  private static boolean isServed(String path) {
    for (String name : path.split("/")) {
      if (name.startsWith(".") && !name.equals(".well-known")) {
        return false;
      }
    }
    int slash = path.indexOf('/');
    return !PRIVATE.contains(slash < 0 ? path : path.substring(0, slash));
  }

  private static String under(String root, String name) {
    return root.equals(".") ? name : root + "/" + name;
  }
}
