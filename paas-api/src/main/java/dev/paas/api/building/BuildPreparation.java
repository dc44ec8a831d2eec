package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.Recognised;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceLimits;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Repository;

/**
 * Prepares a build: reads the pushed tree, has a buildpack plan it, says what was recognised, and
 * sends the files that the runtime does not have yet.
 */
@ApplicationScoped
class BuildPreparation {

  private final Repositories repositories;
  private final Planning planning;
  private final BuildImages images;
  private final BuildOutput output;
  private final RuntimeClient runtime;
  private final SourceLimits limits;

  /**
   * A build that the runtime has all files for.
   *
   * @param bases the images that it begins with
   */
  record Prepared(Plan plan, SolveRequest request, List<String> bases) {

    /** Not the request, which may have secrets. */
    @Override
    public String toString() {
      return "Prepared[" + request.getName() + "]";
    }
  }

  BuildPreparation(
      Repositories repositories,
      Planning planning,
      BuildImages images,
      BuildOutput output,
      RuntimeClient runtime,
      PlatformSettings settings) {
    this.repositories = repositories;
    this.planning = planning;
    this.images = images;
    this.output = output;
    this.runtime = runtime;
    this.limits = SourceLimits.of(settings.build());
  }

  /**
   * @throws dev.paas.base.problem.PaasException what is wrong with the commit's files, or that an
   *     image can't be had
   */
  Prepared prepare(App app, Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    Set<String> bases = new LinkedHashSet<>();
    try (Repository repository = repositories.open(id.app())) {
      SourceTree tree = planning.tree(repository, build);
      Plan plan =
          planning.plan(
              tree,
              name -> {
                bases.add(name);
                return images.fetched(id.app(), name);
              },
              build);
      Recognised recognised = planning.recognise(tree, build);
      output.step(id, recognised.buildpack().name() + " detected");
      output.detail(id, "Chosen because of " + recognised.reason() + ".");
      plan.notes().forEach(note -> output.detail(id, note));
      SolveRequest request =
          SolveRequest.newBuilder()
              .setApp(id.app().value())
              .setGraph(plan.graph(upload(plan)))
              .setConfig(plan.config())
              .setName(id.imageName())
              .setCacheScope(app.owner())
              .addAllSecrets(planning.secrets(build, plan))
              .build();
      return new Prepared(plan, request, List.copyOf(bases));
    }
  }

  private Map<String, String> upload(Plan plan) throws IOException, InterruptedException {
    Map<String, String> digests = new HashMap<>();
    for (Map.Entry<String, SourceTree> tree : plan.trees().entrySet()) {
      digests.put(tree.getKey(), TreeUpload.upload(runtime, tree.getValue(), limits));
    }
    return digests;
  }
}
