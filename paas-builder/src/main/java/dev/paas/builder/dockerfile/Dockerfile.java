package dev.paas.builder.dockerfile;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.buildpack.Buildpack;
import dev.paas.builder.buildpack.Detection;
import dev.paas.builder.dockerfile.lint.FileChecks;
import dev.paas.builder.dockerfile.lint.Findings;
import dev.paas.builder.dockerfile.lint.Warnings;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Mistakes;
import dev.paas.builder.dockerfile.text.Parser;
import dev.paas.builder.dockerfile.text.Parser.Parsed;
import dev.paas.builder.dockerfile.text.Source;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.plan.WebPort;
import dev.paas.builder.procfile.Command;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.ImageConfig;
import java.io.IOException;
import java.util.TreeMap;

/**
 * A Dockerfile at the root of the repository, by Docker's reference. What is not supported is an
 * error that names the line; nothing is silently left out. It takes part in the choice as any
 * buildpack does.
 */
public final class Dockerfile implements Buildpack {

  private static final String NAME = "Dockerfile";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Detection detect(SourceTree tree) throws IOException {
    return Detection.byFirstOf(tree, NAME);
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.paas.base.problem.PaasException {@code dockerfile.…}, with file, line and column;
   *     {@code dockerfile.mistakes} when there are several
   */
  @Override
  public Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    PlatformSettings.Planning limits = options.limits();
    Bounds bounds = new Bounds(limits);
    String path = options.dockerfile().isEmpty() ? NAME : options.dockerfile();
    Source source = new Source(path, SourceFiles.text(tree, path, limits).orElse(""));
    Mistakes mistakes = new Mistakes(source, bounds, limits.maxMistakes());
    Parsed parsed = Parser.parse(source, bounds, mistakes);
    Findings findings = new Findings(mistakes, new Warnings(parsed.directives()));
    FileChecks.run(source, parsed, findings.warnings());
    Stages stages = Stages.of(source, parsed, options.buildEnv(), bounds, findings);
    stages.until(options.target());
    Translation translation =
        new Translation(
            new Translation.Given(tree, DockerIgnore.of(tree, path, limits), options.secrets()),
            images,
            stages,
            bounds,
            findings);
    StageState last = translation.run();
    ImageConfig config = last.finished();
    WebPort.note(config).ifPresent(translation::note);
    boolean hasCommand = config.getEntrypointCount() + config.getCmdCount() > 0;
    ProcessTable processes =
        hasCommand
            ? ProcessTable.web(Command.ofImage(config.getEntrypointList(), config.getCmdList()))
            : new ProcessTable(new TreeMap<>());
    return new Plan(
        translation.graph().build(last.node),
        config,
        translation.graph().trees(),
        processes,
        !last.declaresCommand,
        translation.notes());
  }
}
