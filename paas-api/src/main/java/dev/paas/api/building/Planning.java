package dev.paas.api.building;

import dev.paas.api.build.Build;
import dev.paas.api.build.BuildSettings;
import dev.paas.api.build.Recipe;
import dev.paas.api.buildsettings.AppBuildSettings;
import dev.paas.api.buildvars.AppBuildVars;
import dev.paas.api.buildvars.BuildVars;
import dev.paas.api.store.StoreFailedException;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.FrontEnds;
import dev.paas.builder.Recognised;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.GitTree;
import dev.paas.builder.source.SourceLimits;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Reads how a commit is built: when its push arrives, without any image, so that mistakes are
 * answered at once whatever else is going on; and again, with the images, when it is built. A few
 * are read at a time, which bounds the memory that untrusted files take.
 */
@ApplicationScoped
public class Planning {

  private final Repositories repositories;
  private final AppBuildSettings settings;
  private final AppBuildVars vars;
  private final SourceLimits sources;
  private final BuildOptions options;

  /** Fair: reading is quick, so whoever comes first is soon through. */
  private final Semaphore turns;

  Planning(
      Repositories repositories,
      AppBuildSettings settings,
      AppBuildVars vars,
      PlatformSettings platform) {
    this.repositories = repositories;
    this.settings = settings;
    this.vars = vars;
    this.sources = SourceLimits.of(platform.build());
    this.options = BuildOptions.of(platform);
    this.turns = new Semaphore(platform.planning().atOnce(), true);
  }

  /** Something that takes a turn. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  /** What the app's commits are built with at this moment. */
  public Recipe recipe(AppName app) {
    return new Recipe(settings.of(app), vars.current(app).version());
  }

  private BuildOptions options(AppName app, Recipe recipe) {
    BuildSettings own = recipe.settings();
    BuildVars given = vars.at(app, recipe.vars());
    return options
        .asking(own.dockerfile(), own.target())
        .giving(given.vars(), new TreeSet<>(given.secrets().keySet()));
  }

  /** The secrets that steps of a build's plan ask for. */
  List<SolveRequest.Secret> secrets(Build build, Plan plan) {
    AppName app = build.id().app();
    Map<String, String> values = vars.at(app, build.recipe().vars()).secrets();
    return plan.draft().getNodesList().stream()
        .flatMap(node -> node.getExec().getMountsList().stream())
        .filter(ExecMount::hasSecret)
        .map(mount -> mount.getSecret().getId())
        .distinct()
        .filter(values::containsKey)
        .map(name -> secret(app, name, Objects.requireNonNull(values.get(name))))
        .toList();
  }

  private SolveRequest.Secret secret(AppName app, String name, String value) {
    return SolveRequest.Secret.newBuilder()
        .setId(name)
        .setValue(value)
        .setFingerprint(vars.fingerprint(app, name, value))
        .build();
  }

  /**
   * Holds a commit to everything that does not depend on what base images hold.
   *
   * @throws PaasException what is wrong with its files
   */
  public void check(AppName app, String commit, Recipe recipe)
      throws IOException, InterruptedException {
    BuildOptions with = options(app, recipe);
    try (Repository repository = repositories.open(app)) {
      SourceTree tree = tree(repository, commit, recipe.settings());
      inTurn(
          () -> {
            Plan plan = FrontEnds.plan(tree, BaseImages.UNKNOWN, with);
            // The files themselves last: there may be many.
            sources.require(tree);
            return plan;
          });
    }
  }

  /**
   * The tree that is built, as long as its repository is open.
   *
   * @throws PaasException {@code build.no-folder}
   */
  SourceTree tree(Repository repository, Build build) throws IOException {
    return tree(repository, build.commit(), build.recipe().settings());
  }

  private SourceTree tree(Repository repository, String commit, BuildSettings own)
      throws IOException {
    GitTree all = GitTree.of(repository, ObjectId.fromString(commit)).within(sources);
    if (own.folder().isEmpty()) {
      return all;
    }
    return all.below(own.folder().get())
        .orElseThrow(
            () ->
                Problem.of(
                        Problem.Kind.IMPOSSIBLE,
                        "build.no-folder",
                        "The commit does not have the folder that is to be built",
                        own.folder().get(),
                        "Add it, or name another: paas build:set folder=PATH.")
                    .asException());
  }

  /**
   * The names of the images that the commit's build begins with and that might have to be fetched:
   * the platform's own are always there.
   */
  Set<String> images(Build build) throws IOException, InterruptedException {
    try (Repository repository = repositories.open(build.id().app())) {
      Set<String> names =
          images(tree(repository, build), options(build.id().app(), build.recipe()));
      names.removeAll(options.allStacks());
      return names;
    }
  }

  private Set<String> images(SourceTree tree, BuildOptions with)
      throws IOException, InterruptedException {
    Set<String> names = new LinkedHashSet<>();
    BaseImages noting =
        new BaseImages() {
          @Override
          public Image resolve(String ref) {
            names.add(ref);
            return UNKNOWN.resolve(ref);
          }

          @Override
          public boolean known() {
            return false;
          }
        };
    inTurn(() -> FrontEnds.plan(tree, noting, with));
    return names;
  }

  /** What is wrong with an image, put to the line of the commit that names it. */
  Problem placed(Build build, String name, PaasException wrong)
      throws IOException, InterruptedException {
    BaseImages failing =
        new BaseImages() {
          @Override
          public Image resolve(String ref) {
            if (ref.equals(name)) {
              throw wrong;
            }
            return UNKNOWN.resolve(ref);
          }

          @Override
          public boolean known() {
            return false;
          }
        };
    BuildOptions with = options(build.id().app(), build.recipe());
    try (Repository repository = repositories.open(build.id().app())) {
      SourceTree tree = tree(repository, build);
      inTurn(() -> FrontEnds.plan(tree, failing, with));
      return wrong.problem();
    } catch (PaasException placed) {
      return placed.problem();
    }
  }

  /** Which buildpack builds the tree, and why. */
  Recognised recognise(SourceTree tree, Build build) throws IOException, InterruptedException {
    BuildOptions with = options(build.id().app(), build.recipe());
    return inTurn(() -> FrontEnds.recognise(tree, with));
  }

  /** The plan. Images may take long, so they are asked for without a turn. */
  Plan plan(SourceTree tree, BaseImages images, Build build)
      throws IOException, InterruptedException {
    BuildOptions with = options(build.id().app(), build.recipe());
    Map<String, Supplier<Image>> known = new HashMap<>();
    for (String name : images(tree, with)) {
      known.put(name, resolved(images, name));
    }
    return inTurn(
        () ->
            FrontEnds.plan(
                tree, name -> known.getOrDefault(name, () -> images.resolve(name)).get(), with));
  }

  /** An image, or the problem with it, which the plan puts to the line that names it. */
  private static Supplier<Image> resolved(BaseImages images, String name) {
    try {
      Image image = images.resolve(name);
      return () -> image;
    } catch (StoreFailedException away) {
      throw away; // no fault of the line, and told from other problems by its class
    } catch (PaasException problem) {
      return () -> {
        throw problem;
      };
    }
  }

  private <T> T inTurn(Reading<T> reading) throws IOException, InterruptedException {
    turns.acquire();
    try {
      return reading.read();
    } finally {
      turns.release();
    }
  }
}
