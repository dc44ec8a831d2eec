package dev.paas.builder.buildpack.python;

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
 * Recognises a Python app by what names its packages, or by a file that usually starts one; {@link
 * PythonApp} says how it is built.
 */
public final class PythonBuildpack implements Buildpack {

  private static final String[] MANIFESTS = {
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "Pipfile",
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "manage.py",
  };

  /** In the order in which they are taken to start the app. */
  static final String[] SCRIPTS = {"main.py", "app.py", "server.py"};

  @Override
  public String name() {
    return "Python app";
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    Detection manifest = Detection.byFirstOf(tree, MANIFESTS);
    if (manifest instanceof Matched) {
      return manifest;
    }
    Detection script = Detection.byFirstOf(tree, SCRIPTS);
    // A script beside the manifest of another language is a tool of that app.
    boolean tool = script instanceof Matched && tree.find("package.json").isPresent();
    return script instanceof Matched && !tool
        ? script
        : new NotMatched("no requirements.txt, pyproject.toml or app.py");
  }

  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    return new PythonApp(tree, images, options).plan();
  }
}
