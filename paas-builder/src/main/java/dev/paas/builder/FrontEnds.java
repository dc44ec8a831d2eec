package dev.paas.builder;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.buildpack.node.NodeApp;
import dev.paas.builder.buildpack.staticsite.StaticSite;
import dev.paas.builder.dockerfile.Dockerfile;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.procfile.Procfile;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the front end for a source tree and asks it for the plan. Pure: it reads the tree, asks
 * for base images, and touches nothing else.
 */
public final class FrontEnds {

  /** One-off runs are called so; a formation can't have it. */
  private static final ProcessType RESERVED = new ProcessType("run");

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
    return withProcfile(detected(tree, images, options), lines, images.known());
  }

  private static Plan detected(SourceTree tree, BaseImages images, BuildOptions options)
      throws IOException {
    if (Dockerfile.detects(tree)) {
      return Dockerfile.plan(tree, images, options.limits());
    }
    if (NodeApp.detects(tree)) {
      return NodeApp.plan(tree, images, options);
    }
    if (StaticSite.detects(tree)) {
      return StaticSite.plan(tree, images, options);
    }
    throw Problem.of(
            Kind.IMPOSSIBLE,
            "build.nothing-detected",
            "The root of the repository has nothing that says how to build it",
            "Add one of: Dockerfile; " + NodeApp.LOOKS_FOR + "; " + StaticSite.LOOKS_FOR + ".")
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
    if (processes.has(RESERVED)) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.reserved-process",
              "The Procfile has a process type that the platform uses itself",
              RESERVED.value(),
              "Give it another name.")
          .asException();
    }
    if (lines.has(ProcessTable.RELEASE)) {
      notes.add("The Procfile's release command is not run before a release yet.");
    }
    return new Plan(
        plan.detected(),
        plan.draft(),
        plan.config(),
        plan.trees(),
        processes,
        plan.inherited(),
        notes);
  }
}
