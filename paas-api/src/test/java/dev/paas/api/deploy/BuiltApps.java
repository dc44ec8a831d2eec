package dev.paas.api.deploy;

import dev.paas.api.access.Subject;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.build.NewBuild;
import dev.paas.api.build.Recipe;
import dev.paas.api.identity.User;
import dev.paas.api.release.Release;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.builder.procfile.Command;
import jakarta.inject.Singleton;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes apps of the admin with builds that have succeeded, without building anything. */
@Singleton
public final class BuiltApps {

  /** The platform's first, without limits. */
  public static final User ADMIN = new User("admin", true);

  private final Store store;
  private final Apps apps;
  private final Builds builds;

  BuiltApps(Store store, Apps apps, Builds builds) {
    this.store = store;
    this.apps = apps;
    this.builds = builds;
  }

  public AppName create(String name) {
    return apps.create(Subject.unlimited(ADMIN), Actor.PLATFORM, new AppName(name)).name();
  }

  /** The app's next build; its image has these process types, and no other build's is the same. */
  public BuildId build(AppName app, String... processes) {
    return store.commit(
        () -> {
          BuildId id = new BuildId(app, builds.list(app).size() + 1);
          builds.queue(id, commit(id.number()), NewBuild.queued(Recipe.NONE));
          builds.enter(
              id, new BuildState.Succeeded(image(id), table(processes), Release.DEFAULT_PORT));
          return id;
        });
  }

  /** The app's next build, which has failed. */
  public BuildId failed(AppName app, Problem problem) {
    return store.commit(
        () -> {
          BuildId id = new BuildId(app, builds.list(app).size() + 1);
          builds.refuse(id, commit(id.number()), problem);
          return id;
        });
  }

  static String commit(long number) {
    return "%040x".formatted(number);
  }

  static String image(BuildId id) {
    return "sha256:" + "%064x".formatted(id.number());
  }

  private static SortedMap<ProcessType, Command> table(String... processes) {
    SortedMap<ProcessType, Command> table = new TreeMap<>();
    for (String process : processes) {
      table.put(new ProcessType(process), Command.shell("run " + process));
    }
    return table;
  }
}
