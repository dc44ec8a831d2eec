package dev.paas.builder;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.buildpack.Detection.Matched;
import dev.paas.builder.buildpack.go.GoBuildpack;
import dev.paas.builder.buildpack.node.NodeBuildpack;
import dev.paas.builder.buildpack.other.OtherLanguages;
import dev.paas.builder.buildpack.python.PythonBuildpack;
import dev.paas.builder.buildpack.staticsite.StaticSiteBuildpack;
import dev.paas.builder.dockerfile.Dockerfile;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.procfile.Procfile;
import dev.paas.builder.source.SourceNotes;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the buildpack for a source tree and asks it for the plan. Pure: it reads the tree, asks
 * for base images, and touches nothing else.
 */
public final class FrontEnds {

  /**
   * Every buildpack; the first that takes a tree builds it. So what says more comes earlier: a
   * Dockerfile, whose author has decided everything; then languages; last a site of files, because
   * many an app has a page, too. Among languages Node comes last: what is written in Python, Ruby
   * or PHP often has a package.json for its scripts and styles.
   */
  static final List<Buildpack> BUILDPACKS =
      List.of(
          new Dockerfile(),
          new GoBuildpack(),
          new PythonBuildpack(),
          new OtherLanguages(),
          new NodeBuildpack(),
          new StaticSiteBuildpack());

  private FrontEnds() {}

  /**
   * How this tree becomes an image. With {@link BaseImages#UNKNOWN} everything is checked that does
   * not depend on what a base image holds; the plan itself is then of no use.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.nothing-detected}, or what is wrong
   *     with the files that describe the build
   */
  public static Plan plan(SourceTree tree, BaseImages images, BuildOptions options)
      throws IOException {
    PlatformSettings.Planning limits = options.limits();
    Optional<String> procfile = SourceFiles.text(tree, "Procfile", limits);
    ProcessTable lines = Procfile.parse(procfile.orElse(""), limits.maxProcesses());
    Plan plan = recognise(tree, options).buildpack().plan(tree, images, options);
    Plan whole = withProcfile(plan, lines, images.known());
    return images.known() ? whole.noting(SourceNotes.of(tree)) : whole;
  }

  /**
   * The buildpack that makes the image of this tree: a Dockerfile that is asked for, else the first
   * that takes it.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.no-dockerfile}, or as {@link
   *     #recognise(SourceTree)}
   */
  public static Recognised recognise(SourceTree tree, BuildOptions options) throws IOException {
    String asked = options.dockerfile();
    if (asked.isEmpty()) {
      return recognise(tree);
    }
    if (tree.find(asked).isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.no-dockerfile",
              "The commit does not have the Dockerfile that is to be followed",
              asked,
              "Add it, or name another: paas build:set dockerfile=PATH.")
          .asException();
    }
    return new Recognised(new Dockerfile(), "the setting dockerfile=" + asked);
  }

  /**
   * The buildpack that makes the image of this tree: the first that takes it.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.nothing-detected}, with what each of
   *     them looked for
   */
  public static Recognised recognise(SourceTree tree) throws IOException {
    StringBuilder missed = new StringBuilder();
    for (Buildpack buildpack : BUILDPACKS) {
      Detection detection = buildpack.detect(tree);
      if (detection instanceof Matched matched) {
        return new Recognised(buildpack, matched.reason());
      }
      missed.append('\n').append(buildpack.name()).append(": ").append(detection.reason());
    }
    throw Problem.of(
            Kind.IMPOSSIBLE,
            "build.nothing-detected",
            "The root of the repository has nothing that says how to build it" + missed,
            "Add one of these files. A Dockerfile builds any language.")
        .asException();
  }

  /**
   * The Procfile's lines win over what else the source says, and add to it. What only the base
   * image would start counts when the Procfile names nothing that could run instead.
   */
  private static Plan withProcfile(Plan plan, ProcessTable lines, boolean imagesKnown) {
    List<String> notes = new ArrayList<>(plan.notes());
    ProcessTable processes =
        plan.inherited() && lines.runs() ? lines : plan.processes().overlaid(lines);
    if (!processes.runs() && (imagesKnown || !plan.inherited())) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.no-process",
              "Nothing says what to start",
              "Add a Procfile with a line like web: COMMAND, or CMD to the Dockerfile, or a start"
                  + " script to package.json.")
          .asException();
    }
    if (processes.has(ProcessType.ONE_OFF)) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.reserved-process",
              "The Procfile has a process type that the platform uses itself",
              ProcessType.ONE_OFF.value(),
              "Give it another name.")
          .asException();
    }
    if (lines.has(ProcessTable.RELEASE)) {
      notes.add("The Procfile's release command is not run before a release yet.");
    }
    return new Plan(plan.draft(), plan.config(), plan.trees(), processes, plan.inherited(), notes);
  }
}
