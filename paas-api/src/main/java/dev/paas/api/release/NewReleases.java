package dev.paas.api.release;

import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.config.Config;
import dev.paas.api.config.ConfigVars;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.builder.procfile.Command;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes releases of builds and of earlier releases. Part of the commit that begins to run them. */
@ApplicationScoped
public class NewReleases {

  private static final int SHORT_COMMIT = 7;

  private final Releases releases;
  private final Builds builds;
  private final ConfigVars config;
  private final Clock clock;

  NewReleases(Releases releases, Builds builds, ConfigVars config, Clock clock) {
    this.releases = releases;
    this.builds = builds;
    this.config = config;
    this.clock = clock;
  }

  /** Of a build that has succeeded, with the config vars that the app has now. */
  public ReleaseDraft of(BuildId id) {
    Build build = builds.find(id).orElseThrow();
    BuildState.Succeeded built = (BuildState.Succeeded) build.state();
    return new ReleaseDraft(
        built.image(),
        config.current(id.app()).version(),
        ProcessSpec.table(built.processes()),
        built.port(),
        build.commit(),
        "Deploy " + build.commit().substring(0, SHORT_COMMIT));
  }

  /** Of an earlier release, with the config vars that the app has now; says which are others. */
  public ReleaseDraft configured(Release like) {
    Config now = config.current(like.app());
    return ReleaseDraft.again(
        like,
        now.version(),
        ConfigChangeText.of(config.at(like.app(), like.configVersion()).vars(), now.vars()));
  }

  /**
   * Of an image that was not built here: its own command is the process {@code web}.
   *
   * @param command as people write it
   */
  public ReleaseDraft of(AppName app, String image, String command, int port) {
    SortedMap<ProcessType, Command> processes = new TreeMap<>();
    processes.put(ProcessType.WEB, new Command(command, List.of()));
    return new ReleaseDraft(
        image,
        config.current(app).version(),
        ProcessSpec.table(processes),
        port,
        "",
        "Deploy an image");
  }

  /** The version of the config vars that the app has now. */
  public int newestConfig(AppName app) {
    return config.current(app).version();
  }

  /** Records it as the app's next version. */
  public Release create(AppName app, String user, ReleaseDraft draft) {
    return releases.create(
        app,
        version ->
            new Release(
                app,
                version,
                draft.image(),
                draft.configVersion(),
                draft.processes(),
                draft.port(),
                draft.commit(),
                user,
                draft.description(),
                clock.instant().truncatedTo(ChronoUnit.MICROS)));
  }
}
